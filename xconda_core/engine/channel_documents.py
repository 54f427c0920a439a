"""What channels say beside their packages: run exports of packages, and notices. Layer: engine.

The wiring's own, apart from it because few commands ask; so a first-party import may stand inside
a function here too.
"""

from collections.abc import Mapping, Sequence

from xconda_core.cancel import CancelToken
from xconda_core.config.settings import Settings
from xconda_core.engine.wiring import Wiring
from xconda_core.events import Reporter
from xconda_core.models.channel_notice import ChannelNotice
from xconda_core.models.package_record import PackageRecord
from xconda_core.models.run_exports import RunExports


def run_exports(
    wiring: Wiring,
    settings: Settings,
    records: Sequence[PackageRecord],
    report: Reporter,
    cancel: CancelToken,
) -> Mapping[str, RunExports]:
    """Return the run exports of ``records`` by their addresses, as far as channels say them.

    Raises:
        Cancelled: somebody asked to stop.
    """
    from xconda_core.repodata.kept_document import document_terms
    from xconda_core.repodata.run_exports import run_exports_of

    folder, fetcher = wiring.cache.writable_dir() / "cache", wiring.fetcher(cancel)
    ttl, kept = settings.local_repodata_ttl, settings.as_kept
    terms = document_terms(fetcher, folder, cancel, ttl=ttl, as_kept=kept)
    return run_exports_of(records, terms, report)


def notices(
    wiring: Wiring, settings: Settings, names: Sequence[str], cancel: CancelToken
) -> tuple[ChannelNotice, ...]:
    """Return what the channels ``names`` have to say (CEP 6); nothing where one cannot be had.

    Raises:
        InvalidChannel, ChannelNotAllowed: one of them may not be used, or is none.
        Cancelled: somebody asked to stop.
    """
    from xconda_core.repodata.kept_document import document_terms
    from xconda_core.repodata.notices import read_notices

    channels = wiring.allowed_channels(names)
    folder, fetcher = wiring.cache.writable_dir() / "cache", wiring.open_fetcher(channels, cancel)
    ttl, kept = settings.local_repodata_ttl, settings.as_kept
    terms = document_terms(fetcher, folder, cancel, ttl=ttl, as_kept=kept)
    return read_notices(channels, terms)
