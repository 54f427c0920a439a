"""Section 2 of the small print, second half: what is asked, told and used every day."""

from typing import Final

from tests.surface.small_print_line import Line, line

USING: Final[tuple[Line, ...]] = (
    line(
        "2.26",
        "`--add` puts in front and moves what was there.",
        "cli/test_config.py::test_add_puts_a_channel_in_front_and_append_at_the_end",
        "cli/test_config.py::test_what_is_added_again_moves",
    ),
    line(
        "2.26",
        "Dotted keys are names in maps, an unknown key meets the nearest.",
        "cli/test_config.py::test_a_dotted_key_is_a_name_in_a_map",
        "cli/test_config.py::test_an_unknown_name_is_refused_with_the_nearest_one",
    ),
    line(
        "2.26",
        "`--env` without an active environment says which file it wrote.",
        "cli/test_config.py::test_env_without_an_active_environment_says_which_file_it_wrote",
    ),
    line(
        "2.27",
        "`search` looks for the whole name, then for `*name*`.",
        "scenarios/test_small_print.py::test_search_looks_for_the_whole_name_and_then_for_a_part",
    ),
    line(
        "2.27",
        "`--info` tells everything; `--envs`, `--outdated` and `--subdir` look elsewhere.",
        "cli/test_search.py::test_everything_is_said_of_a_package",
        "engine/test_search.py::test_environments_are_searched",
        "engine/test_search.py::test_what_is_newer_in_the_channels_is_told",
        "cli/test_search.py::test_a_package_of_another_platform_is_found_by_option_and_by_spec",
    ),
    line(
        "2.28",
        "`list` takes a regular expression, and has forms for other tools.",
        "cli/test_list.py::test_a_list_is_narrowed_by_a_regular_expression_or_to_one_whole_name",
        "cli/test_list.py::test_names_for_other_tools_to_read",
    ),
    line(
        "2.28",
        "`--explicit` has digests, and tokens with `--auth` only.",
        "cli/test_list.py::test_addresses_come_with_digests_and_without_credentials",
        "scenarios/test_small_print.py::test_no_form_of_list_shows_a_token_unless_auth_is_asked_for",
    ),
    line(
        "2.28",
        "`info` tells of channels with their tokens where `--unsafe-channels` says so.",
        "scenarios/test_small_print.py::test_channels_are_told_with_their_tokens_only_where_that_is_asked_for",
    ),
    line(
        "2.28",
        "`env list` marks what is active and frozen, and tells sizes.",
        "scenarios/test_small_print.py::test_environments_are_listed_with_which_is_active_and_which_are_frozen_and_their_sizes",
    ),
    line(
        "2.28",
        "An administrator sees the environments of all users.",
        "environment/test_registry.py::test_an_administrator_sees_everybodys_environments_and_nobody_else_does",
    ),
    line(
        "2.29",
        "A variable that is set counts after reactivation or a kernel's restart, which is said.",
        "scenarios/test_small_print.py::test_what_is_set_counts_when_an_environment_is_activated_or_its_kernel_started_anew",
        "shells/test_activation_in_shells.py::test_a_change_of_variables_takes_effect_in_the_active_shell",
        "scenarios/test_env_commands.py::test_variables_are_set_seen_by_programs_and_taken_away",
        "jupyter/test_provisioner.py::test_a_variable_of_the_environment_is_in_effect_after_a_restart_of_the_kernel",
    ),
    line(
        "2.29",
        "PATH is refused.",
        "scenarios/test_env_commands.py::test_a_variable_that_cannot_be_is_refused",
        "scenarios/test_env_commands.py::test_a_variable_that_activation_makes_itself_is_refused",
    ),
    line(
        "2.29",
        "Variables of packages are read; the user's win, with a warning.",
        "scenarios/test_small_print.py::test_variables_of_packages_are_read_those_of_the_user_win_and_path_is_nobodys",
    ),
    line(
        "2.30",
        "`remove --all` asks once for packages and once, default no, for files of nobody.",
        "scenarios/test_small_print.py::test_removing_all_asks_for_the_packages_and_then_for_files_of_nobody_where_no_is_the_default",
        "scenarios/test_env_commands.py::test_files_of_nobody_stay_unless_the_user_says_so",
    ),
    line(
        "2.30",
        "It strikes the environment from the registry; `--keep-env` keeps it.",
        "scenarios/test_env_commands.py::test_an_environment_is_removed_with_its_folder_and_its_place_in_the_registry",
        "scenarios/test_env_commands.py::test_all_packages_go_and_come_back_where_the_environment_is_kept",
    ),
    line(
        "2.30",
        "A missing name is an error before anything happens.",
        "scenarios/test_small_print.py::test_a_missing_name_ends_a_removal_before_anything_happens",
    ),
    line(
        "2.31",
        "`activate` takes a name or a path, and without one the default environment.",
        "scenarios/test_small_print.py::test_activate_takes_a_name_or_a_path_and_without_one_the_default_environment",
    ),
    line(
        "2.31",
        "`auto_activate`, `default_activation_env`, `auto_stack`, `env_prompt` have their effect.",
        "config/test_every_setting.py::test_the_setting_has_its_effect",
    ),
    line(
        "2.31",
        "fish shows the environment in its prompt, but with `CONDA_DISABLE_FISH_PROMPT`.",
        "shells/test_activation_in_shells.py::test_the_prompt_of_fish_tells_the_environment_unless_that_is_disabled",
    ),
    line(
        "2.31",
        '`eval "$(xconda shell.bash hook)"` works in scripts, strict ones too.',
        "shells/test_activation_in_shells.py::test_scripts_of_strict_shells_can_use_it",
    ),
    line(
        "2.31",
        "`shell.posix+json` is a document for editors.",
        "scenarios/test_small_print.py::test_activate_takes_a_name_or_a_path_and_without_one_the_default_environment",
        "scenarios/test_small_print.py::test_variables_of_packages_are_read_those_of_the_user_win_and_path_is_nobodys",
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
        "scenarios/test_env_commands.py::test_pip_installs_its_section_from_the_files_folder_and_says_how_it_failed",
    ),
    line(
        "2.33",
        "TMPDIR, TEMP and TMP are honoured, and `info` shows it.",
        "scenarios/test_small_print.py::test_the_temporary_folder_is_where_the_variable_says_and_info_tells",
    ),
    line(
        "2.33",
        "A full or read-only temporary folder is named with the variable to set.",
        "scenarios/test_temporary_folder.py::test_where_no_place_can_be_written_all_are_named_with_the_variable",
        "scenarios/test_temporary_folder.py::test_a_place_that_fills_up_is_named_although_the_shell_does_not_say_so",
    ),
    line(
        "2.34",
        "Settings of threads have their effect.",
        "config/test_every_setting.py::test_the_setting_has_its_effect",
        "config/test_merge.py::test_threads_come_from_the_general_setting_where_no_other_says",
    ),
    line(
        "2.34",
        "Without them a container's quota counts.",
        "files/test_processors.py::test_the_quota_of_a_container_is_respected",
        "files/test_processors.py::test_the_quota_of_an_old_container_is_respected",
    ),
    line(
        "2.35",
        "A variant is chosen by its mutex, otherwise that with the fewest features.",
        "solver/test_small_print.py::test_a_variant_is_chosen_by_its_mutex_and_fewest_features_win_otherwise",
    ),
    line(
        "2.35",
        "`remove --features` takes what tracks one.",
        "scenarios/test_reach.py::test_remove_features_takes_away_what_tracks_one_and_what_needs_that",
    ),
    line(
        "2.36",
        "`exclude_newer` is a duration, a date, which means its end in UTC, a timestamp or 0.",
        "scenarios/test_exclude_newer.py::test_what_was_published_later_is_not_there",
        "models/test_exclude_newer.py::test_a_duration_counts_back_from_now",
        "models/test_exclude_newer.py::test_a_date_means_the_end_of_that_day_in_utc",
        "models/test_exclude_newer.py::test_a_timestamp_is_in_utc_unless_it_says_otherwise",
    ),
    line(
        "2.36",
        "A channel or a package has a limit of its own, or none.",
        "scenarios/test_exclude_newer.py::test_a_channel_can_be_exempt_or_have_a_limit_of_its_own",
        "scenarios/test_exclude_newer.py::test_a_package_can_be_exempt_or_have_a_limit_of_its_own",
    ),
    line(
        "2.36",
        "Records without a time stay, and `search` keeps to it.",
        "scenarios/test_small_print.py::test_a_package_without_a_time_is_never_too_new",
        "scenarios/test_exclude_newer.py::test_a_condarc_and_a_variable_say_it_too_and_the_command_line_wins",
    ),
    line(
        "2.37",
        "`clean` shows sizes first and never touches environments.",
        "scenarios/test_clean.py::test_sizes_are_shown_before_anything_is_asked",
        "scenarios/test_clean.py::test_all_takes_what_no_environment_uses_and_the_environment_stays_as_it_is",
    ),
    line(
        "2.37",
        "It leaves what softly linked environments need, and skips what is somebody else's.",
        "scenarios/test_clean.py::test_packages_of_a_softly_linked_environment_stay",
        "scenarios/test_clean.py::test_leftovers_of_another_user_are_skipped_with_a_word",
    ),
    line(
        "2.38",
        "Each level of the log says the same in a terminal, a cell and a job of the server.",
        "scenarios/test_logging.py::test_each_level_says_its_own_and_nothing_of_the_next",
        "jupyter/test_kernel_log.py::test_each_level_of_a_change_says_its_own_and_nothing_of_the_next",
        "jupyter/server/test_jobs.py::test_the_log_of_a_job_says_what_its_level_means_in_a_terminal",
    ),
    line(
        "2.38",
        "`--debug` and `--trace` are names of levels; `--quiet` leaves the log.",
        "scenarios/test_logging.py::test_debug_and_trace_are_names_of_levels",
        "scenarios/test_logging.py::test_quiet_takes_the_progress_away_and_leaves_the_log",
        "jupyter/test_kernel_log.py::test_quiet_takes_the_progress_away_and_leaves_the_log",
    ),
    line(
        "2.39",
        "A newer version is told, but not offline, and not where a setting says so.",
        "scenarios/test_about_itself.py::test_a_newer_version_in_a_list_that_was_read_is_told_once_a_day",
        "scenarios/test_about_itself.py::test_documents_quiet_dry_and_offline_commands_do_not_tell",
        "config/test_every_setting.py::test_the_setting_has_its_effect",
    ),
    line(
        "2.39",
        "`update conda` and `update xconda` in a foreign base say who owns it.",
        "scenarios/test_about_itself.py::test_conda_is_updated_where_it_is_and_elsewhere_its_home_is_named",
        "scenarios/test_about_itself.py::test_an_update_of_xconda_elsewhere_says_where_it_is_and_how_it_is_updated",
    ),
    line(
        "2.40",
        "What a newer, incompatible tool wrote is refused before it is changed.",
        "engine/test_newer_formats.py::test_a_state_file_of_a_newer_conda_stops_every_change",
        "engine/test_newer_formats.py::test_a_snapshot_of_a_newer_format_stops_every_change",
        "engine/test_newer_formats.py::test_an_unfinished_change_of_a_newer_xconda_is_left_to_it",
    ),
)
