"""Every setting, by group: its name, type, default and meaning. Layer: config.

The one table by which files, variables and the command line are read, and of which ``xconda
config`` and ``docs/settings.md`` tell. Names, aliases and environment variables are conda's. A
setting stands here when it has an effect, proven by a scenario; ``without_effect`` has conda's
other ones, each with its reason.
"""

import os
from collections.abc import Mapping
from typing import Final

from xconda_core.config.definition import Definition
from xconda_core.config.value_types import (
    ADDRESS,
    BOOLEAN,
    COUNT,
    OPTIONAL_BOOLEAN,
    OPTIONAL_TEXT,
    PRIORITY,
    SECONDS,
    TEXT,
    TIME_TO_LIVE,
    VERIFICATION,
    ValueType,
    choice,
)
from xconda_core.config.without_effect import WITHOUT_EFFECT
from xconda_core.models.exclude_newer import FORMS, limit_text

_LIMIT: Final = ValueType(FORMS, limit_text)

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
    Definition(
        "non_admin_enabled", BOOLEAN, True, "Users who are not root may change environments."
    ),
    Definition("register_envs", BOOLEAN, True, "Note environments in ~/.conda/environments.txt."),
    Definition("subdir", TEXT, None, "Platform that packages are chosen for."),
    Definition(
        "subdirs", TEXT, (), "Platform folders of a channel that are read: subdir and noarch.",
        "list",
    ),
)  # fmt: skip

_CHANNELS: Final = (
    Definition(
        "channels", TEXT, (),
        "Channels, highest priority first; conda-forge where none is configured.", "list",
        ("channel",), expands=True,
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
        "channel_alias", ADDRESS, "https://conda.anaconda.org",
        "Base URL that plain channel names are joined to.", expands=True,
    ),
    Definition(
        "custom_channels", TEXT, {"pkgs/pro": "https://repo.anaconda.com"},
        "Channel name to the base URL that holds it.", "map", expands=True,
    ),
    Definition(
        "migrated_custom_channels", TEXT, {}, "Channel name to the base URL that it had before.",
        "map", expands=True,
    ),
    Definition(
        "migrated_channel_aliases", TEXT, (), "Former aliases: their channels are channel_alias's.",
        "list",
    ),
    Definition(
        "allowlist_channels", TEXT, (), "Only these channels may be used; empty: every one.",
        "list", ("whitelist_channels",), expands=True,
    ),
    Definition(
        "denylist_channels", TEXT, (), "These channels may not be used.", "list", expands=True
    ),
    Definition(
        "mirrored_channels", TEXT, {},
        "Channel to the addresses that are asked instead, in order, while one fails (as in mamba).",
        "map of lists", expands=True,
    ),
    Definition("use_local", BOOLEAN, False, "The channel `local` goes before all others."),
    Definition(
        "croot", TEXT, "", "Folder that conda-build builds in: one of the channels of `local`.",
        expands=True,
    ),
    Definition("bld_path", TEXT, "", "The same, by an older name.", expands=True),
    Definition(
        "allow_non_channel_urls", BOOLEAN, False,
        "An address without a package list is a channel without packages, no error.",
    ),
    Definition("override_channels_enabled", BOOLEAN, True, "--override-channels may be given."),
    Definition(
        "exclude_newer", _LIMIT, "", "Leave packages out that were published later.",
        aliases=("cooldown",),
    ),
    Definition(
        "exclude_newer_package", _LIMIT, {}, "The same for single packages; false exempts one.",
        "map", ("cooldown_exclude",),
    ),
    Definition(
        "channel_settings", TEXT, (),
        "For single channels: exclude_newer (false exempts one); auth, the login of a plugin.",
        "list of maps",
        fields={"channel": TEXT, "exclude_newer": _LIMIT, "exclude-newer": _LIMIT, "auth": TEXT},
    ),
    Definition(
        "channel_relations_max_depth", COUNT, 10,
        "How long a chain of channels that want others beside them may be; 0: none is added.",
    ),
    Definition("channel_priority", PRIORITY, "strict", "How the order of channels decides."),
    Definition("use_only_tar_bz2", OPTIONAL_BOOLEAN, None, "Ignore .conda archives."),
)  # fmt: skip

_NETWORK: Final = (
    Definition("offline", BOOLEAN, False, "Do not use the network."),
    Definition(
        "ssl_verify", VERIFICATION, True, "What proves who a server is: docs/network.md.",
        aliases=("verify_ssl",), expands=True,
    ),
    Definition(
        "client_ssl_cert", OPTIONAL_TEXT, None, "Path of a client certificate.",
        aliases=("client_cert",), expands=True,
    ),
    Definition(
        "client_ssl_cert_key", OPTIONAL_TEXT, None, "Path of the client certificate's key.",
        aliases=("client_cert_key",), expands=True,
    ),
    Definition(
        "proxy_servers", OPTIONAL_TEXT, {},
        "Scheme, or scheme and host, to proxy URL; `no_proxy` to hosts that need none.", "map",
        expands=True,
    ),
    Definition(
        "add_anaconda_token", BOOLEAN, True, "Use the tokens that `anaconda login` stored.",
        aliases=("add_binstar_token",),
    ),
    Definition("remote_connect_timeout_secs", SECONDS, 9.15, "Longest wait for a connection."),
    Definition("remote_read_timeout_secs", SECONDS, 60.0, "Longest wait for the next bytes."),
    Definition("remote_max_retries", COUNT, 3, "How often a failed transfer is tried again."),
    Definition("remote_backoff_factor", SECONDS, 1.0, "What the wait between tries grows by."),
    Definition(
        "repodata_fns", TEXT, ("repodata.json",),
        "Package lists in the order in which they are tried; repodata.json is always the last.",
        "list",
    ),
    Definition("repodata_use_shards", BOOLEAN, True, "Ask for package lists in shards first."),
    Definition("repodata_use_zst", BOOLEAN, True, "Ask for compressed package lists."),
    Definition(
        "use_index_cache", BOOLEAN, False, "Take package lists from the cache, however old."
    ),
    Definition(
        "experimental", TEXT, (),
        "`jlap`: lists that are not in shards are brought up to date by patches.", "list",
    ),
    Definition("local_repodata_ttl", TIME_TO_LIVE, 1, "How long repodata counts as fresh."),
    Definition(
        "number_channel_notices", COUNT, 5,
        "How many notices of channels a command tells at most; 0: channels are not asked.",
    ),
    Definition(
        "notify_outdated_conda", BOOLEAN, True,
        "A newer xconda in a channel that a command read is told, once a day at most.",
    ),
    Definition("default_threads", COUNT, 0, "Threads where no other setting says; 0: our choice."),
    Definition("repodata_threads", COUNT, 0, "Connections for repodata; 0: default_threads."),
    Definition("fetch_threads", COUNT, 0, "Connections for archives; 0: default_threads."),
)  # fmt: skip

_LINKING: Final = (
    Definition("always_copy", BOOLEAN, False, "Copy files, never link.", aliases=("copy",)),
    Definition("allow_softlinks", BOOLEAN, False, "Link softly where hard links are impossible."),
    Definition("always_softlink", BOOLEAN, False, "Link softly always.", aliases=("softlink",)),
    Definition(
        "path_conflict", choice("clobber", "warn", "prevent"), "clobber",
        "Files that two packages bring: the later has them, the same with a warning for each, no.",
    ),
    Definition(
        "safety_checks", choice("disabled", "warn", "enabled"), "warn",
        "Cached packages must have the sizes they list, else they are unpacked anew; one that was "
        "built wrong is linked with a warning, or refused (enabled).",
    ),
    Definition(
        "extra_safety_checks", BOOLEAN, False,
        "Compare every file's digest for that, too, and check packages' signatures (trust.md).",
    ),
    Definition(
        "signing_metadata_url_base", OPTIONAL_TEXT, None,
        "Where those who sign packages publish their keys (N.root.json, key_mgr.json).",
    ),
    Definition(
        "separate_format_cache", BOOLEAN, False,
        "What was unpacked from a .tar.bz2 does not serve for the .conda of the same contents.",
    ),
    Definition("download_only", BOOLEAN, False, "Fill the package cache and stop."),
    Definition(
        "no_lock", BOOLEAN, False,
        "Package caches are used without locks, where a disk has none; environments never are.",
    ),
    Definition("verify_threads", COUNT, 0, "Threads that look at packages; 0: default_threads."),
    Definition("execute_threads", COUNT, 0, "Threads that link packages; 0: default_threads."),
    Definition("compile_pyc", BOOLEAN, True, "Byte code of `noarch: python` packages is compiled."),
    Definition("shortcuts", BOOLEAN, True, "Packages may have entries in the desktop's menus."),
    Definition("shortcuts_only", TEXT, (), "Only these packages have them; none: all.", "list"),
)  # fmt: skip

_MANNERS: Final = (
    Definition(
        "console", TEXT, "classic",
        "How progress is shown: `classic` (bars on a terminal), `plain` (a line per phase), "
        "`json-lines` (an object per event), or by a plugin.",
    ),
    Definition("always_yes", OPTIONAL_BOOLEAN, None, "Do not ask.", aliases=("yes",)),
    Definition("json", BOOLEAN, False, "Answer with one JSON document."),
    Definition("quiet", BOOLEAN, False, "Show no progress."),
    Definition("verbosity", COUNT, 0, "0 to 4, as -v counts.", aliases=("verbose",)),
    Definition("debug", BOOLEAN, False, "The same as verbosity 3."),
    Definition("trace", BOOLEAN, False, "The same as verbosity 4."),
    Definition("dry_run", BOOLEAN, False, "Stop after the plan."),
    Definition("env_prompt", TEXT, "({default_env}) ", "What activation adds to the prompt."),
    Definition("changeps1", BOOLEAN, True, "Activation adds to the prompt."),
    Definition(
        "auto_activate", BOOLEAN, True,
        "A shell that knows `xconda` activates default_activation_env when it starts.",
        aliases=("auto_activate_base",),
    ),
    Definition(
        "default_activation_env", TEXT, "base",
        "What `activate` without a name means: the name or path of an environment.",
    ),
    Definition(
        "auto_stack", COUNT, 0,
        "Up to so many active environments the next one is stacked upon them, as with --stack.",
    ),
    Definition(
        "envvars_force_uppercase", BOOLEAN, True,
        "Names of an environment's variables become upper-case when it is activated.",
    ),
    Definition(
        "list_fields", TEXT, ("name", "version", "build", "channel_name"),
        "Columns of `list`.", "list",
    ),
    Definition(
        "show_channel_urls", OPTIONAL_BOOLEAN, None,
        "`list` shows channels by address (true), by name (not set), or not at all (false).",
    ),
    Definition(
        "environment_specifier", OPTIONAL_TEXT, None,
        "What environment files are, as --format says it; none: each tells by itself.",
        aliases=("env_spec",),
    ),
    Definition(
        "export_platforms", TEXT, (), "Platforms that `lock` and `export` write down.", "list",
        aliases=("extra_platforms",),
    ),
    Definition(
        "protect_frozen_envs", BOOLEAN, True, "An environment marked as frozen is not changed."
    ),
)  # fmt: skip

_SOLVING: Final = (
    Definition(
        "pinned_packages", TEXT, (), "Specs that hold in every environment.", "list", separator="&"
    ),
    Definition("ignore_pinned", BOOLEAN, False, "Pins do not count."),
    Definition(
        "aggressive_update_packages", TEXT, ("ca-certificates", "certifi", "openssl"),
        "Specs of packages that every change brings up to date, where they are installed.", "list",
    ),
    Definition(
        "solver", TEXT, "xconda",
        "`xconda`, `sat` (exact by what requests lag together) or a plugin's; others: `xconda`.",
        aliases=("experimental_solver",),
    ),
    Definition(
        "update_modifier",
        choice("specs_satisfied_skip_solve", "freeze_installed", "update_deps", "update_specs",
               "update_all"),
        "update_specs", "What install and update move besides what they name.",
    ),
    Definition(
        "deps_modifier", choice("not_set", "no_deps", "only_deps"), "not_set",
        "Install without dependencies, or only them.",
    ),
    Definition(
        "force_reinstall", BOOLEAN, False, "What is named is linked again although it is there."
    ),
    Definition("force_remove", BOOLEAN, False, "remove leaves what needs the package."),
    Definition(
        "disallowed_packages", TEXT, (), "Specs of packages that are never installed.", "list",
        ("disallow",), separator="&",
    ),
    Definition("create_default_packages", TEXT, (), "Specs that join every create.", "list"),
    Definition("add_pip_as_python_dependency", BOOLEAN, True, "pip comes with python."),
    Definition(
        "solver_ignore_timestamps", BOOLEAN, False,
        "Of builds that are else the same, the later one is not preferred.",
    ),
    Definition(
        "prefix_data_interoperability", BOOLEAN, False,
        "What pip installed counts as installed, and is not brought from channels.",
        aliases=("pip_interop_enabled",),
    ),
    Definition(
        "override_virtual_packages", OPTIONAL_TEXT, {}, "Name to version; empty text removes it.",
        "map", ("virtual_packages",),
    ),
)  # fmt: skip

PLUGINS: Final = "plugins"  # the map that plugins' settings stand in
_OF_PLUGINS: Final = ValueType("a map to what each plugin's setting wants", str)
_PLUGINS: Final = (
    Definition("no_plugins", BOOLEAN, False, "Plugins are left alone."),
    Definition(
        PLUGINS, _OF_PLUGINS, {},
        "Name of a plugin's setting to its value; CONDA_PLUGINS_NAME says one.", "anything",
    ),
)  # fmt: skip

GROUPS: Final[Mapping[str, tuple[Definition, ...]]] = {
    "Places": _PLACES,
    "Channels": _CHANNELS,
    "Network": _NETWORK,
    "Linking": _LINKING,
    "Questions and output": _MANNERS,
    "Solving": _SOLVING,
    "Plugins": _PLUGINS,
}
USED: Final = tuple(each for group in GROUPS.values() for each in group)
DEFINITIONS: Final = (*USED, *WITHOUT_EFFECT)
BY_NAME: Final = {name: each for each in DEFINITIONS for name in each.names}
