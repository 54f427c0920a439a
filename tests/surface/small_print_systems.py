"""Section 1: systems that users and authors of plugins expect."""

from typing import Final

from tests.surface.small_print_line import Line, line

SYSTEMS: Final[tuple[Line, ...]] = (
    line(
        "1.19",
        "`xconda-NAME` on PATH runs as `xconda NAME` and is listed.",
        "cli/test_external_commands.py::test_a_program_on_path_is_a_command_with_its_own_words_and_exit_code",
        "cli/test_external_commands.py::test_commands_and_the_help_name_them_too",
    ),
    line(
        "1.19",
        "`conda-NAME` runs where xconda has no command and no program of that name.",
        "cli/test_external_commands.py::test_a_program_of_conda_is_found_where_xconda_has_none_of_that_name",
        "cli/test_external_commands.py::test_a_command_of_xconda_is_never_taken_over",
    ),
)
