"""All rows."""

from tests.surface.rows_output import OUTPUT

ROWS = (*OUTPUT,)
