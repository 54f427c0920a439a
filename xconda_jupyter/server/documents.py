"""The answers of the server as types: what clients may rely on, and what their schema is made of.

A worker's answer is read as its type before it is sent on, so nothing undocumented gets out. Sizes
are bytes, times seconds since 1970 (UTC) unless said otherwise.
"""

from typing import Any, Literal

import msgspec

Text = dict[str, str]


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """What all answers have in common: keyword-only values."""


class Failure(Document, frozen=True, kw_only=True):
    """What was asked could not be done: what happened, why, and what to do next."""

    code: str
    what: str
    why: str
    fix: str
    facts: dict[str, Any] = {}


class Kernel(Document, frozen=True, kw_only=True):
    """A kernelspec in an environment."""

    name: str
    language: str


class Environment(Document, frozen=True, kw_only=True):
    """One environment that conda knows of. ``kernel`` is its own kernelspec, if it has one."""

    name: str
    prefix: str
    is_base: bool
    is_active: bool
    is_writable: bool
    is_frozen: bool
    kernel: Kernel | None


class Environments(Document, frozen=True, kw_only=True):
    """Every environment, base first."""

    environments: list[Environment]


class Package(Document, frozen=True, kw_only=True):
    """One package: installed, or as a channel offers it.

    ``requested`` is the spec by which the user asked for an installed one, empty for a dependency.
    ``timestamp`` is milliseconds since 1970, as channels have it.
    """

    name: str
    version: str
    build: str
    build_number: int
    channel: str
    subdir: str
    fn: str
    url: str
    size: int | None
    license: str | None
    depends: list[str]
    timestamp: int | None
    requested: str = ""


class Packages(Document, frozen=True, kw_only=True):
    """What is installed, in name order."""

    packages: list[Package]


class Offers(Document, frozen=True, kw_only=True):
    """What the channels offer, best last: ``packages`` is the best of ``total``.

    ``nearest`` are names that are spelt alike, where nothing fits.
    """

    packages: list[Package]
    total: int
    nearest: list[str]


class Link(Document, frozen=True, kw_only=True):
    """One package of a chain, and the dependency by which the one before needs it."""

    name: str
    version: str
    wants: str


class Holder(Document, frozen=True, kw_only=True):
    """What says that a package must not be of its newest version."""

    kind: str
    name: str
    version: str
    wants: str


class VersionLimit(Document, frozen=True, kw_only=True):
    """How far a package could move, and what is in the way."""

    installed: str
    newest: str | None
    is_newest: bool
    reachable: str | None
    moves: list[str]
    holders: list[Holder]
    is_held: bool
    proof: list[str]


class Reason(Document, frozen=True, kw_only=True):
    """Why one package is there. ``words`` are the same as lines to be read."""

    words: list[str]
    prefix: str
    name: str
    version: str
    build: str
    channel: str
    requested: str | None
    is_needed: bool
    has_history: bool
    chains: list[list[Link]]
    is_all: bool
    needed_by: list[Link]
    came_with: str | None
    version_limit: VersionLimit | None
    version_limit_failure: str | None


class Reasons(Document, frozen=True, kw_only=True):
    """Why packages are there, one for each that was asked about."""

    packages: list[Reason]


class TreeLine(Document, frozen=True, kw_only=True):
    """One line of a tree; ``depth`` 0 is a top."""

    depth: int
    name: str
    version: str | None
    wants: str | None
    requested: bool
    repeated: bool
    cut: bool
    missing: bool


class Tree(Document, frozen=True, kw_only=True):
    """What needs what, in the order in which it is read; ``inverted``: what is needed by what."""

    title: str
    inverted: bool
    lines: list[TreeLine]


class Channel(Document, frozen=True, kw_only=True):
    """One configured channel. Its credentials, if it has any, are never told."""

    name: str
    url: str
    urls: list[str]
    has_credentials: bool


class Channels(Document, frozen=True, kw_only=True):
    """The configured channels, highest priority first, and who configured them."""

    channels: list[Channel]
    priority: str
    origin: str
    platform: str
    offline: bool


class Setting(Document, frozen=True, kw_only=True):
    """One setting: the value that counts, and where it comes from (a file, a variable ...)."""

    name: str
    value: Any
    origin: str
    is_used: bool
    description: str


class Config(Document, frozen=True, kw_only=True):
    """Every setting in alphabetical order, credentials hidden."""

    settings: list[Setting]
    files: list[str]
    warnings: list[str]


class Finding(Document, frozen=True, kw_only=True):
    """One thing that is not as it should be: a ``problem`` or a ``warning``."""

    check: str
    level: Literal["problem", "warning"]
    what: str
    package: str
    path: str
    fix: str
    fixable: bool


class Diagnosis(Document, frozen=True, kw_only=True):
    """What the health checks found."""

    prefix: str
    healthy: bool
    checks: list[str]
    findings: list[Finding]
    file_count: int
    seconds: float


class Leftovers(Document, frozen=True, kw_only=True):
    """How much of one kind could be cleaned away."""

    kind: str
    count: int
    bytes: int


class Cleanable(Document, frozen=True, kw_only=True):
    """What `xconda clean` would take away, by kind."""

    kinds: list[Leftovers]
    bytes: int
    remarks: list[str]


class File(Document, frozen=True, kw_only=True):
    """An environment written down as a file of some format."""

    format: str
    text: str


class Lock(Document, frozen=True, kw_only=True):
    """Fixed packages: as ``conda-lock.yml``, and as a list of archives for each platform."""

    format: str
    text: str
    explicit: Text
    packages: dict[str, int]


class ChangedPair(Document, frozen=True, kw_only=True):
    """One package before and after, as ``channel/subdir::name-version-build``."""

    old: str
    new: str


class Revision(Document, frozen=True, kw_only=True):
    """One revision of an environment; ``reverts_to`` names the earlier one that it brought back."""

    rev: int
    date: str
    command: str
    install: list[str]
    remove: list[str]
    upgrade: list[ChangedPair]
    downgrade: list[ChangedPair]
    update_specs: list[str]
    remove_specs: list[str]
    reverts_to: int | None


class History(Document, frozen=True, kw_only=True):
    """The revisions, the first one first."""

    revisions: list[Revision]


class Distribution(Document, frozen=True, kw_only=True):
    """A package as a revision names it."""

    version: str
    build: str
    channel: str


class PackageChange(Document, frozen=True, kw_only=True):
    """What became of one package between two states."""

    name: str
    movement: str
    old: Distribution | None
    new: Distribution | None


class RequestChange(Document, frozen=True, kw_only=True):
    """What became of one request; None where there is none."""

    name: str
    old: str | None
    new: str | None


class Difference(Document, frozen=True, kw_only=True):
    """What lies between two revisions; ``new`` is None for what is there now."""

    prefix: str
    old: int
    new: int | None
    packages: list[PackageChange]
    requests: list[RequestChange]


class Facts(Document, frozen=True, kw_only=True):
    """What `xconda info` tells, under conda's keys where conda has the fact."""

    xconda_version: str
    conda_version: str
    python_version: str
    platform: str
    active_prefix: str | None
    conda_prefix: str
    default_prefix: str | None
    default_prefix_why: str
    root_prefix: str
    root_why: str
    root_writable: bool
    envs_dirs: list[str]
    pkgs_dirs: list[str]
    envs: list[str]
    channel_names: list[str]
    channels: list[str]
    channels_origin: str
    channel_priority: str
    offline: bool
    virtual_pkgs: list[list[str]]
    config_files: list[str]
    tmp_dir: str | None
    state_dir: str
    av_data_dir: str
    av_metadata_url_base: str | None
