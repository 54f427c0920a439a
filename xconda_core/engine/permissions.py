"""Which channels a configuration means, and which channels and packages it lets be used.

Layer: engine.
"""

import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from xconda_core.config.environ import home_folder
from xconda_core.config.merge import LOCAL, NO_DEFAULTS
from xconda_core.config.settings import Settings
from xconda_core.errors import XcondaError
from xconda_core.events import Noticed, Reporter
from xconda_core.models.channel import Channel, ChannelNaming, InvalidChannel
from xconda_core.models.channel_url import file_url
from xconda_core.models.exclude_newer import PublicationLimits
from xconda_core.models.match_spec import MatchSpec
from xconda_core.models.package_record import PackageRecord
from xconda_core.values import Slotted, dataclass, field, replace


class ChannelNotAllowed(XcondaError):
    """The configuration forbids a channel.

    Attributes:
        channel: The channel, as the user would say it.
        setting: ``allowlist_channels`` or ``denylist_channels``.
    """

    code: ClassVar[str] = "channel-not-allowed"

    def __init__(self, channel: Channel, setting: str) -> None:
        super().__init__(channel, setting)
        self.channel, self.setting = str(channel), setting
        reason = "names it" if setting == "denylist_channels" else "does not name it"
        self.what = f"The channel {self.channel} may not be used."
        self.why = f"{setting} {reason}; {channel.base_url} is its address."
        self.fix = f"take another channel; `xconda config --show-sources` says who set {setting}."


class OverrideNotAllowed(XcondaError):
    """``--override-channels`` is given and the configuration forbids it."""

    code: ClassVar[str] = "override-not-allowed"

    def __init__(self) -> None:
        super().__init__()
        self.what = "Nothing was looked up: --override-channels may not be used."
        self.why = "override_channels_enabled is false."
        self.fix = "leave --override-channels away: channels given with -c come first all the same."


class NoChannelLeft(XcondaError):
    """The configured channels are left aside, and no others are given."""

    code: ClassVar[str] = "no-channel-left"
    exit_code: ClassVar[int] = 2

    def __init__(self) -> None:
        super().__init__()
        self.what = "Nothing was looked up: there is no channel to look in."
        self.why = (
            "--override-channels leaves the configured channels aside, and there is no other."
        )
        self.fix = "add -c CHANNEL, or leave --override-channels away."


class NoLocalChannel(XcondaError):
    """Only ``local`` is to be searched, and no folder that conda-build fills is there."""

    code: ClassVar[str] = "no-local-channel"

    def __init__(self) -> None:
        super().__init__()
        self.what = "Nothing was looked up: the channel local is empty."
        self.why = "none of the folders of conda-build is there (croot, bld_path, ~/conda-bld)."
        self.fix = (
            "set croot to the folder, or name it: -c file:///PATH; see `xconda channel index`."
        )


class PackageDisallowed(XcondaError):
    """A change would install what ``disallowed_packages`` forbids.

    Attributes:
        package: The record, as text.
        spec: What forbids it.
    """

    code: ClassVar[str] = "package-disallowed"

    def __init__(self, record: PackageRecord, spec: str) -> None:
        super().__init__(record, spec)
        self.package, self.spec = str(record), spec
        self.what = f"Nothing was changed: {record.dist_name} may not be installed."
        self.why = f"disallowed_packages has {spec}."
        self.fix = "ask for a version or package that is allowed, or for one that does not need it."


class NotAdministrator(XcondaError):
    """Only root may change environments here."""

    code: ClassVar[str] = "not-administrator"

    def __init__(self) -> None:
        super().__init__()
        self.what = "Nothing was changed: only the administrator changes environments here."
        self.why = "non_admin_enabled is false, and you are not root."
        self.fix = "ask the administrator; `xconda config --show-sources` says who decided so."


def refuse_user(effective_user: int, *, non_admin_enabled: bool) -> None:
    """Return if the user with the number ``effective_user`` may change environments.

    Raises:
        NotAdministrator: only root may.
    """
    if effective_user != 0 and not non_admin_enabled:
        raise NotAdministrator


def refuse_channels(
    channels: Iterable[Channel], *, allowed: Collection[Channel], denied: Iterable[Channel]
) -> None:
    """Return if each of ``channels`` may be used; nobody ``allowed`` allows all.

    Raises:
        ChannelNotAllowed: one may not.
    """
    allowed_urls = {channel.base_url for channel in allowed}
    denied_urls = {channel.base_url for channel in denied}
    for channel in channels:
        if channel.base_url in denied_urls:
            raise ChannelNotAllowed(channel, "denylist_channels")
        if allowed and channel.base_url not in allowed_urls:
            raise ChannelNotAllowed(channel, "allowlist_channels")


def refuse_packages(records: Iterable[PackageRecord], disallowed: Iterable[str]) -> None:
    """Return if each of ``records`` may be installed.

    Raises:
        PackageDisallowed: a text in ``disallowed`` matches one.
        InvalidMatchSpec: such a text is no spec.
    """
    specs = [(text, MatchSpec.parse(text)) for text in disallowed]
    for record in records:
        for text, spec in specs:
            if spec.matches(record):
                raise PackageDisallowed(record, text)


def channel_naming(settings: Settings, environ: Mapping[str, str]) -> ChannelNaming:
    """Return what the names of channels mean."""
    return ChannelNaming(
        channel_alias=settings.channel_alias,
        custom_channels={**ChannelNaming().custom_channels, **settings.custom_channels},
        custom_multichannels=settings.custom_multichannels,
        default_channels=settings.default_channels,
        local_channels=[file_url(str(folder)) for folder in settings.local_folders],
        migrated_custom_channels=settings.migrated_custom_channels,
        migrated_channel_aliases=settings.migrated_channel_aliases,
        current_folder=str(Path.cwd()),
        home_folder=str(home_folder(environ)),
    )


def chosen_channels(settings: Settings, given: Sequence[str], *, override: bool) -> tuple[str, ...]:
    """Return the names to look in: those ``given``, then the configured ones.

    Args:
        settings: The configuration.
        given: Names and addresses from the command line.
        override: Without the configured ones.

    Raises:
        OverrideNotAllowed: an administrator does not want that.
        NoChannelLeft: nothing was given either.
    """
    if override and not settings.override_channels_enabled:
        raise OverrideNotAllowed
    if override and not given:
        raise NoChannelLeft
    local = (LOCAL,) if settings.use_local else ()
    configured = () if override else settings.channels
    names = dict.fromkeys([*local, *given, *configured])
    if NO_DEFAULTS not in names:
        return tuple(names)
    left_out = {NO_DEFAULTS, "defaults", *settings.default_channels}
    return tuple(name for name in names if name not in left_out)


@dataclass(frozen=True, slots=True)
class RelatedChannels(Slotted):
    """The channels that channels want beside them: allowed ones, with the same credentials."""

    read: Callable[[Sequence[str]], Sequence[Channel]]
    report: Reporter
    found: list[Channel] = field(default_factory=list)

    def find(self, channel: Channel, url: str) -> Channel | None:
        """Return the channel at ``url``, which ``channel`` wants; None where it may not be used."""
        try:
            (related,) = self.read((url,))
        except (ChannelNotAllowed, InvalidChannel) as error:
            text = f"{channel} wants {url} beside it, which is passed over: {error.why}"
            self.report(Noticed("warning", text))
            return None
        related = replace(related, platform=channel.platform)
        if related.base_url == url:  # it has not moved to a server that these are not for
            auth, token = related.auth or channel.auth, related.token or channel.token
            related = replace(related, auth=auth, token=token)
        self.found.append(related)
        return related


def publication_limits(settings: Settings) -> PublicationLimits:
    """Return how new packages may be, counted from now."""
    packages = settings.exclude_newer_package
    return PublicationLimits.at(
        time.time(),
        settings.exclude_newer,
        settings.exclude_newer_channels,
        {name: text for name, text in packages.items() if text is not None},
    )
