"""Notices of channels for people. Layer: cli. Pure."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from xconda_core.cli.console import Text
from xconda_core.models.channel_notice import ChannelNotice

_STYLES: Final = {"info": "plain", "warning": "warning", "critical": "danger"}


def notice_lines(notices: Sequence[ChannelNotice], more: int = 0) -> list[Text | str]:
    """Return the notices by channel; ``more`` says how many were left out."""
    lines: list[Text | str] = []
    for channel in dict.fromkeys(each.channel for each in notices):
        lines.append(Text(f"Notices of {channel}", "heading"))
        for each in notices:
            if each.channel == channel:
                lines.append(Text(f"  [{each.level}]{_date(each)}", _STYLES[each.level]))
                lines += [f"  {line}" for line in each.message.splitlines()]
    if more:
        noun = "notice" if more == 1 else "notices"
        lines.append(Text(f"{more} more {noun}: `xconda notices` shows all.", "faint"))
    return lines


def _date(notice: ChannelNotice) -> str:
    if notice.created is None:
        return ""
    return f" {datetime.fromtimestamp(notice.created, UTC):%Y-%m-%d}"
