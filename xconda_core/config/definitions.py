"""Every setting that can be configured: its name, type, default and meaning. Layer: config.

A setting is listed when it has an effect. Names, aliases and environment variables are conda's.
``NAMES_WITHOUT_EFFECT`` are the other names that conda knows: a file that has them is not wrong.
"""

import os
from dataclasses import dataclass
from typing import Final, Literal

from xconda_core.config.value_types import (
    BOOLEAN,
    COUNT,
    PRIORITY,
    SECONDS,
    TEXT,
    TIME_TO_LIVE,
    VERIFICATION,
    ValueType,
)

Shape = Literal["one", "list", "map", "map of lists"]


@dataclass(frozen=True, slots=True)
class Definition:
    """One setting.

    Attributes:
        name: Its name in files, on the command line and in ``Settings``.
        type: Type of the value, or of each item of a list or map.
        default: Value when nobody says anything; None where it depends on the machine.
        description: One sentence.
        shape: One value, a list, or a map from text to values or to lists.
        aliases: Other names it goes by in files and, with ``CONDA_``, in the environment.
        separator: What parts the items of a list in an environment variable.
        expands: ``$VARIABLE`` and ``${VARIABLE}`` in its values are replaced.
    """

    name: str
    type: ValueType
    default: object
    description: str
    shape: Shape = "one"
    aliases: tuple[str, ...] = ()
    separator: str = ","
    expands: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Its name and aliases, the name first."""
        return (self.name, *self.aliases)

    @property
    def variables(self) -> tuple[str, ...]:
        """The environment variables that set it, the proper one first."""
        return tuple(f"CONDA_{name.upper().replace('-', '_')}" for name in self.names)


_PLACES: Final = (
    Definition(
        "root_prefix", TEXT, None, "Prefix of the base environment.", aliases=("root_dir",),
        expands=True,
    ),
    Definition(
        "envs_dirs", TEXT, (), "Folders of named environments; the first writable takes new ones.",
        "list", ("envs_path",), separator=os.pathsep, expands=True,
    ),
    Definition(
        "pkgs_dirs", TEXT, (), "Package caches; the first writable one takes new packages.",
        "list", expands=True,
    ),
    Definition("register_envs", BOOLEAN, True, "Note environments in ~/.conda/environments.txt."),
    Definition("subdir", TEXT, None, "Platform that packages are chosen for."),
)  # fmt: skip

_CHANNELS: Final = (
    Definition(
        "channels", TEXT, (), "Channels, highest priority first.", "list", ("channel",),
        expands=True,
    ),
    Definition(
        "default_channels", TEXT,
        ("https://repo.anaconda.com/pkgs/main", "https://repo.anaconda.com/pkgs/r"),
        "What the channel name `defaults` stands for.", "list", expands=True,
    ),
    Definition(
        "custom_multichannels", TEXT, {}, "Name to the channels that it stands for.",
        "map of lists", expands=True,
    ),
    Definition(
        "channel_alias", TEXT, "https://conda.anaconda.org",
        "Base URL that plain channel names are joined to.", expands=True,
    ),
    Definition(
        "custom_channels", TEXT, {}, "Channel name to the base URL that holds it.", "map",
        expands=True,
    ),
    Definition("channel_priority", PRIORITY, "strict", "How the order of channels decides."),
    Definition("use_only_tar_bz2", BOOLEAN, False, "Ignore .conda archives."),
)  # fmt: skip

_NETWORK: Final = (
    Definition("offline", BOOLEAN, False, "Do not use the network."),
    Definition(
        "ssl_verify", VERIFICATION, True, "How servers prove who they are.",
        aliases=("verify_ssl",), expands=True,
    ),
    Definition(
        "client_ssl_cert", TEXT, None, "Path of a client certificate.", aliases=("client_cert",),
        expands=True,
    ),
    Definition(
        "client_ssl_cert_key", TEXT, None, "Path of the client certificate's key.",
        aliases=("client_cert_key",), expands=True,
    ),
    Definition(
        "proxy_servers", TEXT, {}, "Scheme, or scheme and host, to proxy URL.", "map", expands=True
    ),
    Definition("remote_connect_timeout_secs", SECONDS, 9.15, "Longest wait for a connection."),
    Definition("remote_read_timeout_secs", SECONDS, 60.0, "Longest wait for the next bytes."),
    Definition("remote_max_retries", COUNT, 3, "How often a failed transfer is tried again."),
    Definition("remote_backoff_factor", SECONDS, 1.0, "What the wait between tries grows by."),
    Definition("local_repodata_ttl", TIME_TO_LIVE, 1, "How long repodata counts as fresh."),
    Definition("default_threads", COUNT, 0, "Threads where no other setting says; 0: our choice."),
    Definition("repodata_threads", COUNT, 0, "Connections for repodata; 0: default_threads."),
    Definition("fetch_threads", COUNT, 0, "Connections for archives; 0: default_threads."),
)  # fmt: skip

_LINKING: Final = (
    Definition("always_copy", BOOLEAN, False, "Copy files, never link.", aliases=("copy",)),
    Definition("allow_softlinks", BOOLEAN, False, "Link softly where hard links are impossible."),
    Definition("always_softlink", BOOLEAN, False, "Link softly always.", aliases=("softlink",)),
)

_MANNERS: Final = (
    Definition("always_yes", BOOLEAN, None, "Do not ask.", aliases=("yes",)),
    Definition("json", BOOLEAN, False, "Answer with one JSON document."),
    Definition("quiet", BOOLEAN, False, "Show no progress."),
    Definition("verbosity", COUNT, 0, "0 to 4, as -v counts.", aliases=("verbose",)),
    Definition("debug", BOOLEAN, False, "The same as verbosity 3."),
    Definition("trace", BOOLEAN, False, "The same as verbosity 4."),
    Definition("dry_run", BOOLEAN, False, "Stop after the plan."),
    Definition("env_prompt", TEXT, "({default_env}) ", "What activation adds to the prompt."),
)

_SOLVING: Final = (
    Definition(
        "pinned_packages", TEXT, (), "Specs that hold in every environment.", "list", separator="&"
    ),
    Definition("create_default_packages", TEXT, (), "Specs that join every create.", "list"),
    Definition("add_pip_as_python_dependency", BOOLEAN, True, "pip comes with python."),
    Definition(
        "override_virtual_packages", TEXT, {}, "Name to version; empty text removes it.", "map",
        ("virtual_packages",),
    ),
)  # fmt: skip

DEFINITIONS: Final = (*_PLACES, *_CHANNELS, *_NETWORK, *_LINKING, *_MANNERS, *_SOLVING)

NAMES_WITHOUT_EFFECT: Final = frozenset(
    """
    add_anaconda_token add_binstar_token aggressive_update_packages allow_conda_downgrades
    allow_cycles allow_non_channel_urls allow_other_channels allowlist_channels anaconda_anon_usage
    anaconda_upload auto_activate auto_activate_base auto_stack auto_update_conda binstar_personal
    binstar_upload bld_path changeps1 channel_settings clobber conda-build conda_build console
    cooldown cooldown_exclude croot default_activation_env default_python denylist_channels
    deps_modifier dev disallow disallowed_packages download_only enable_private_envs env_spec
    environment_specifier envvars_force_uppercase error_upload_url exclude_newer
    exclude_newer_package execute_threads experimental experimental_solver export_platforms
    extra_platforms extra_safety_checks force force_32bit force_reinstall force_remove
    ignore_pinned list_fields migrated_channel_aliases migrated_custom_channels no_lock no_plugins
    non_admin_enabled notify_outdated_conda number_channel_notices override_channels_enabled
    path_conflict pip_interop_enabled plugins prefix_data_interoperability preview
    protect_frozen_envs repodata_fns repodata_use_shards repodata_use_zst report_errors
    restore_free_channel rollback_enabled safety_checks sat_solver self_update separate_format_cache
    shortcuts shortcuts_only show_channel_urls signing_metadata_url_base solver
    solver_ignore_timestamps subdirs target_prefix_override track_features unsatisfiable_hints
    unsatisfiable_hints_check_depth update_modifier use_index_cache use_local use_pip verify_threads
    whitelist_channels
    """.split()  # noqa: SIM905 (a list of a hundred quoted words is harder to read)
)
