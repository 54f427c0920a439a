"""All rows."""

from typing import Final

from tests.surface.option_row import Row
from tests.surface.rows_changing import CHANGED
from tests.surface.rows_channels import FETCHED
from tests.surface.rows_looking import LOOKED
from tests.surface.rows_output import OUTPUT
from tests.surface.rows_target import TARGETED
from tests.surface.rows_using import USED

ROWS: Final[tuple[Row, ...]] = (*OUTPUT, *TARGETED, *FETCHED, *CHANGED, *LOOKED, *USED)
