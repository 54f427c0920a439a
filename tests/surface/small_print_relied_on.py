"""Section 2: behaviours that users rely on."""

from typing import Final

from tests.surface.small_print_line import Line, line

RELIED_ON: Final[tuple[Line, ...]] = (
    line(
        "2.1",
        "Python keeps its minor version in install and `update --all` unless the request names it.",
        "solver/test_small_print.py::test_install_keeps_pythons_minor_version_unless_the_request_names_python",
        "solver/test_small_print.py::test_update_all_keeps_pythons_minor_version_unless_the_request_names_python",
    ),
)
