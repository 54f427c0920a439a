"""The small print of a conda tool: each sentence, and the tests that show it."""

from typing import Final

from tests.surface.small_print_changing import CHANGING
from tests.surface.small_print_line import Line
from tests.surface.small_print_surroundings import SURROUNDINGS
from tests.surface.small_print_systems import SYSTEMS
from tests.surface.small_print_using import USING

SMALL_PRINT: Final[tuple[Line, ...]] = (*SYSTEMS, *SURROUNDINGS, *CHANGING, *USING)
