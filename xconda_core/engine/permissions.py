"""What the configuration forbids, whatever a request says. Layer: engine. Pure."""

from collections.abc import Collection, Iterable
from typing import ClassVar

from xconda_core.errors import XcondaError
from xconda_core.models.channel import Channel
from xconda_core.models.match_spec import MatchSpec
from xconda_core.models.package_record import PackageRecord


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
