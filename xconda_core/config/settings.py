"""Every setting that the engine obeys, as one frozen value. Layer: config.

``merge`` builds it once at the rim; lower layers are handed the two or three values they need.
Names are conda's, so a ``.condarc`` reads the same here.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from xconda_core.values import Slotted, dataclass, field

ChannelPriority = Literal["strict", "flexible", "disabled"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings(Slotted):
    """Values and, per value, where it came from.

    Attributes:
        root_prefix: The base environment's prefix, or xconda's documented home where there is none.
        envs_dirs: Folders that named environments live in; the first writable one takes new ones.
        pkgs_dirs: Package caches; the first writable one takes new packages.
        channels: Channel names or URLs, highest priority first, ``defaults`` already expanded.
        channel_alias: Base URL that plain channel names are joined to.
        custom_channels: Channel name to the base URL that holds it.
        default_channels: What the channel name ``defaults`` stands for.
        custom_multichannels: Name to the channels that it stands for.
        channel_priority: ``strict``: only the first channel that has a name is asked for it.
        channel_relations_max_depth: How long a chain of channels that want others beside them may
            be; 0: what channels declare about each other does not count.
        migrated_custom_channels: Channel name to the base URL that it had before.
        migrated_channel_aliases: Former aliases, whose channels are those of the alias now.
        allowlist_channels: Channels that may be used; empty: every one.
        denylist_channels: Channels that may not be used.
        mirrored_channels: Channel to the addresses that are asked instead of its own, in order.
        use_local: The channel ``local`` goes before all others, those of the request too.
        local_folders: The folders that exist of those that conda-build puts packages into.
        allow_non_channel_urls: An address without a package list is a channel without packages.
        override_channels_enabled: The configured channels may be left aside.
        exclude_newer: Packages published later are left out: a duration, a date, a timestamp.
        exclude_newer_package: Package name to the same, for that package only.
        exclude_newer_channels: Channel and the same, for that channel only; later ones win.
        channel_logins: Channel, or pattern of addresses, and the login of a plugin; later ones win.
        subdir: Platform that packages are chosen for.
        subdirs: Platform folders of a channel that are read.
        offline: Do not use the network.
        use_only_tar_bz2: Ignore ``.conda`` archives.
        ssl_verify: True, False, or the path of a certificate bundle.
        client_ssl_cert: Path of a client certificate, or None.
        client_ssl_cert_key: Path of its key, or None.
        proxy_servers: Scheme, or scheme and host, to proxy URL.
        remote_connect_timeout_secs: Seconds to wait for a connection.
        remote_read_timeout_secs: Seconds to wait for the next bytes.
        remote_max_retries: How often a failed transfer is tried again.
        remote_backoff_factor: Seconds that the wait between tries grows by.
        repodata_fns: Names of package lists, in the order in which they are tried for an answer.
        repodata_use_shards: Package lists in shards are asked for first.
        repodata_use_zst: Compressed package lists are asked for.
        experimental: What is tried besides: ``jlap`` (patches of package lists).
        add_anaconda_token: Use the tokens that `anaconda login` stored.
        number_channel_notices: How many notices of channels a command tells at most.
        notify_outdated_conda: Whether a newer xconda in a channel that was read is told.
        use_index_cache: Package lists come from the cache, however old they are.
        local_repodata_ttl: 1: obey the server's Cache-Control; 0: always ask; else seconds.
        repodata_threads: Connections for repodata.
        fetch_threads: Connections for archives.
        always_copy: Copy files instead of linking them.
        allow_softlinks: Link softly where hard links are not possible.
        always_softlink: Link softly always.
        path_conflict: What becomes of files that two packages bring.
        safety_checks: Whether cached packages must be as they list themselves.
        extra_safety_checks: Compare digests for that, not only sizes; check signatures.
        signing_metadata_url_base: Where the keys of those who sign packages are; None: nowhere.
        separate_format_cache: A ``.tar.bz2``'s folder does not serve for its ``.conda``.
        download_only: Fill the package cache and stop.
        no_lock: Package caches are used without locks.
        verify_threads: How many packages are looked at at a time.
        execute_threads: How many packages are linked at a time.
        compile_pyc: Compile the byte code of ``noarch: python`` packages.
        shortcuts: Make the menu entries that packages bring.
        shortcuts_only: Make them for these packages only; empty: for all.
        non_admin_enabled: Users who are not root may change environments.
        always_yes: Do not ask.
        json: Answer with one JSON document.
        quiet: Show no progress.
        console: How progress is shown: ``classic``, ``plain``, ``json-lines``, or a plugin's way.
        verbosity: 0 to 4, as ``-v`` counts.
        dry_run: Stop after the plan.
        list_fields: Columns of ``list``.
        show_channel_urls: ``list`` shows addresses (True), names (None) or no channels (False).
        protect_frozen_envs: A frozen environment is not changed.
        environment_specifier: What environment files are; None: each tells by itself.
        export_platforms: Platforms that ``lock`` and ``export`` write down.
        pinned_packages: MatchSpec texts that hold in every environment.
        ignore_pinned: Pins do not count, those of the environment neither.
        aggressive_update_packages: MatchSpec texts of packages that every change updates.
        solver: ``xconda``, ``sat``, or the name of another tool's, which means ``xconda`` here.
        update_modifier: What a request moves, in conda's words.
        deps_modifier: ``no_deps``, ``only_deps`` or ``not_set``.
        force_reinstall: What is named is linked again although it is there.
        force_remove: A removal leaves what needs the package.
        disallowed_packages: MatchSpec texts of packages that are never installed.
        create_default_packages: MatchSpec texts that join every create.
        add_pip_as_python_dependency: ``pip`` comes with ``python``.
        prefix_data_interoperability: What pip installed counts as installed for the solver.
        env_prompt: What activation adds to the prompt, empty for nothing; ``{default_env}`` and
            friends are filled in.
        auto_activate: A shell that knows xconda activates an environment when it starts.
        default_activation_env: Name or path of that, and of what ``activate`` alone means.
        auto_stack: Up to so many active environments the next one is stacked upon them.
        envvars_force_uppercase: Names of an environment's variables become upper-case.
        register_envs: Note environments in ``~/.conda/environments.txt``.
        solver_ignore_timestamps: Of builds that are else the same, the later is not preferred.
        override_virtual_packages: Name (``__cuda``) to version; empty text removes the package.
        no_plugins: Plugins are left alone.
        plugins: Name of a plugin's setting to its value.
        state_dir: Where jobs and logs live (xconda's own, per user).
        config_files: The configuration files that were read, lowest priority first.
        warnings: What was ignored while reading, one sentence each.
        origins: Setting name to where its value came from.
    """

    root_prefix: Path
    envs_dirs: tuple[Path, ...]
    pkgs_dirs: tuple[Path, ...]
    channels: tuple[str, ...] = ("conda-forge",)
    channel_alias: str = "https://conda.anaconda.org"
    custom_channels: Mapping[str, str] = field(default_factory=dict)
    default_channels: tuple[str, ...] = (
        "https://repo.anaconda.com/pkgs/main",
        "https://repo.anaconda.com/pkgs/r",
    )
    custom_multichannels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    migrated_custom_channels: Mapping[str, str] = field(default_factory=dict)
    migrated_channel_aliases: tuple[str, ...] = ()
    allowlist_channels: tuple[str, ...] = ()
    denylist_channels: tuple[str, ...] = ()
    mirrored_channels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    use_local: bool = False
    local_folders: tuple[Path, ...] = ()
    allow_non_channel_urls: bool = False
    override_channels_enabled: bool = True
    channel_priority: ChannelPriority = "strict"
    channel_relations_max_depth: int = 10
    exclude_newer: str = ""
    exclude_newer_package: Mapping[str, str | None] = field(default_factory=dict)
    exclude_newer_channels: tuple[tuple[str, str], ...] = ()
    channel_logins: tuple[tuple[str, str], ...] = ()
    subdir: str = "linux-64"
    subdirs: tuple[str, ...] = ("linux-64", "noarch")
    offline: bool = False
    use_only_tar_bz2: bool = False
    ssl_verify: bool | str = True
    client_ssl_cert: str | None = None
    client_ssl_cert_key: str | None = None
    proxy_servers: Mapping[str, str] = field(default_factory=dict)
    remote_connect_timeout_secs: float = 9.15
    remote_read_timeout_secs: float = 60.0
    remote_max_retries: int = 3
    remote_backoff_factor: float = 1.0
    repodata_fns: tuple[str, ...] = ("repodata.json",)
    repodata_use_shards: bool = True
    repodata_use_zst: bool = True
    experimental: tuple[str, ...] = ()
    add_anaconda_token: bool = True
    number_channel_notices: int = 5
    notify_outdated_conda: bool = True
    use_index_cache: bool = False
    local_repodata_ttl: int = 1
    repodata_threads: int = 5
    fetch_threads: int = 5
    always_copy: bool = False
    allow_softlinks: bool = False
    always_softlink: bool = False
    path_conflict: Literal["clobber", "warn", "prevent"] = "clobber"
    safety_checks: Literal["disabled", "warn", "enabled"] = "warn"
    extra_safety_checks: bool = False
    signing_metadata_url_base: str | None = None
    separate_format_cache: bool = False
    download_only: bool = False
    no_lock: bool = False
    verify_threads: int = 1
    execute_threads: int = 1
    compile_pyc: bool = True
    shortcuts: bool = True
    shortcuts_only: tuple[str, ...] = ()
    non_admin_enabled: bool = True
    always_yes: bool = False
    json: bool = False
    quiet: bool = False
    console: str = "classic"
    verbosity: int = 0
    dry_run: bool = False
    list_fields: tuple[str, ...] = ("name", "version", "build", "channel_name")
    show_channel_urls: bool | None = None
    protect_frozen_envs: bool = True
    environment_specifier: str | None = None
    export_platforms: tuple[str, ...] = ()
    pinned_packages: tuple[str, ...] = ()
    ignore_pinned: bool = False
    aggressive_update_packages: tuple[str, ...] = ("ca-certificates", "certifi", "openssl")
    solver: str = "xconda"
    update_modifier: str = "update_specs"
    deps_modifier: str = "not_set"
    force_reinstall: bool = False
    force_remove: bool = False
    disallowed_packages: tuple[str, ...] = ()
    create_default_packages: tuple[str, ...] = ()
    add_pip_as_python_dependency: bool = True
    prefix_data_interoperability: bool = False
    env_prompt: str = "({default_env}) "
    auto_activate: bool = True
    default_activation_env: str = "base"
    auto_stack: int = 0
    envvars_force_uppercase: bool = True
    register_envs: bool = True
    solver_ignore_timestamps: bool = False
    override_virtual_packages: Mapping[str, str] = field(default_factory=dict)
    no_plugins: bool = False
    plugins: Mapping[str, object] = field(default_factory=dict)
    state_dir: Path
    config_files: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    origins: Mapping[str, str] = field(default_factory=dict)

    @property
    def as_kept(self) -> bool:
        """Whether what channels said is taken from the cache, and no server is asked."""
        return self.offline or self.use_index_cache
