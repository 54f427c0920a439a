"""The ``notices.json`` of channels. Layer: repodata. Source: CEP 6.

It lies in the root of a channel, is tiny, and nothing depends on it: whatever is wrong with one
means that this channel has nothing to say today.
"""

import json
import logging
from collections.abc import Sequence
from typing import Final

from xconda_core.models.channel import Channel
from xconda_core.models.channel_notice import ChannelNotice, notices_of
from xconda_core.net.failures import HttpRefused, NetworkFailed
from xconda_core.repodata.kept_document import DocumentTerms, kept_document

FILE: Final = "notices.json"
_log: Final = logging.getLogger(__name__)


def read_notices(channels: Sequence[Channel], terms: DocumentTerms) -> tuple[ChannelNotice, ...]:
    """Return what ``channels`` have to say, in their order.

    Args:
        channels: Highest priority first.
        terms: How to get the documents.

    Raises:
        Cancelled: somebody asked to stop.
    """
    found: list[ChannelNotice] = []
    for channel in channels:
        try:
            content = kept_document(channel.base_url.rstrip("/") + "/", (FILE,), terms)
            document = None if content is None else json.loads(content)
        except (NetworkFailed, HttpRefused, ValueError, RecursionError) as error:
            _log.info("no notices of %s: %s", channel, error)
            continue
        found += notices_of(document, str(channel))
    return tuple(found)
