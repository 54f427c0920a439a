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
    line(
        "2.6",
        "What shadows an environment is named by `info -a` and the doctor.",
        "scenarios/test_small_print.py::test_what_shadows_an_environment_is_named_by_info_and_the_doctor",
    ),
    line(
        "2.6",
        "An import that failed names what is loaded instead of what is installed.",
        "jupyter/test_notebook_scan.py::test_a_file_beside_the_notebook_that_hides_a_module_is_named",
        "jupyter/test_notebook_scan.py::test_a_library_that_ld_library_path_puts_first_is_blamed_on_it",
        "jupyter/test_notebook_scan.py::test_a_module_of_the_user_site_is_blamed_on_it",
        "jupyter/test_notebook_scan.py::test_a_module_that_pythonhome_leads_away_from_is_blamed_on_it",
        "jupyter/test_notebook_scan.py::test_a_module_that_pythonpath_brings_is_blamed_on_it",
        "jupyter/test_missing_imports.py::test_a_file_that_hides_a_package_is_named",
    ),
    line(
        "2.8",
        "A package of conda takes the place of pip's: the files of that RECORD go first.",
        "engine/test_foreign_python.py::test_the_package_of_conda_replaces_that_of_pip_wholly",
    ),
    line(
        "2.8",
        "`list` has one line for what both installed, with the channel `pypi`.",
        "engine/test_foreign_python.py::test_a_list_has_one_line_for_each_with_the_channel_pypi",
        "engine/test_foreign_python.py::test_removing_the_package_of_conda_takes_the_copy_of_pip_over_it_along",
        "cli/test_list.py::test_a_table_has_a_line_for_each_pips_among_them",
    ),
    line(
        "2.8",
        "`remove` takes what only pip installed, and an undo brings it back.",
        "engine/test_foreign_python.py::test_a_project_of_pip_alone_can_be_removed_and_brought_back",
        "engine/test_foreign_python.py::test_a_removal_can_name_packages_of_both",
    ),
    line(
        "2.9",
        "After install, update and remove an active shell has new scripts and finds new programs.",
        "shells/test_activation_in_shells.py::test_after_install_update_and_remove_an_active_shell_runs_new_scripts_and_finds_new_programs",
        "shells/test_activation_in_shells.py::test_a_change_of_variables_takes_effect_in_the_active_shell",
    ),
    line(
        "2.10",
        "Beside conda's block, with `alias conda=xconda`, both live; `--reverse` takes only ours.",
        "shells/test_init_in_shells.py::test_beside_condas_own_block_both_live_and_reverse_takes_only_ours",
        "engine/test_initializing.py::test_condas_block_stays_and_both_are_there",
        "engine/test_initializing.py::test_taking_the_block_out_gives_back_every_character",
    ),
    line(
        "2.16",
        "Each answer of a server has words of its own, and no token is shown.",
        "scenarios/test_small_print.py::test_each_answer_of_a_server_has_words_of_its_own_and_shows_no_token",
        "scenarios/test_network_secrets.py::test_a_token_in_the_channels_address_is_nowhere_when_the_server_refuses",
    ),
    line(
        "2.16",
        "One platform's folder may be missing; without any folder an address is no channel.",
        "repodata/test_source.py::test_one_platform_folder_may_be_missing",
        "repodata/test_source.py::test_an_address_without_any_folder_is_no_channel",
    ),
    line(
        "2.16",
        "429 and 5xx are asked again when `Retry-After` says.",
        "net/test_session.py::test_retry_after_is_obeyed",
        "net/test_session.py::test_a_retry_after_of_an_hour_is_told_and_not_waited_for",
        "net/test_session.py::test_a_server_error_is_asked_again_with_growing_pauses",
    ),
    line(
        "2.32",
        "`--json` alone asks nobody.",
        "plugins/test_one_document.py::test_json_alone_asks_nobody",
    ),
    line(
        "2.32",
        "Standard output stays one document whatever plugins, link scripts and pip print.",
        "plugins/test_one_document.py::test_standard_output_stays_one_document_whatever_plugins_and_link_scripts_print",
        "plugins/test_one_document.py::test_the_answer_stands_alone_however_it_is_asked_for",
        "plugins/test_one_document.py::test_a_program_that_speaks_for_itself_has_standard_output_to_itself",
    ),
)
