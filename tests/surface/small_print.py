"""The small print of a conda tool: each sentence, and the tests that show it."""

from typing import Final

from tests.surface.small_print_line import Line
from tests.surface.small_print_relied_on import RELIED_ON
from tests.surface.small_print_systems import SYSTEMS

SMALL_PRINT: Final[tuple[Line, ...]] = (*SYSTEMS, *RELIED_ON)
