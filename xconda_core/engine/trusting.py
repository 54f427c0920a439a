"""Whether what a plan brings is signed, and what becomes of a plan where it is not. Layer: engine.

``extra_safety_checks`` and ``signing_metadata_url_base`` ask for it, ``safety_checks`` says how
strictly: see docs/trust.md.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import ClassVar, Final

from xconda_core.cancel import CancelToken
from xconda_core.config.redaction import redacted
from xconda_core.config.settings import Settings
from xconda_core.engine.trusted_keys import (
    KeyPlaces,
    TrustedKeys,
    first_root_folders,
    kept_folder,
    served,
    trusted_keys,
)
from xconda_core.errors import XcondaError
from xconda_core.models.package_record import PackageRecord
from xconda_core.models.package_trust import PackageTrust, Trust
from xconda_core.net.fetcher import Fetcher
from xconda_core.repodata.kept_document import DocumentTerms, document_terms
from xconda_core.repodata.signed_entries import Listings, signed_entries
from xconda_core.trust.ed25519 import Verify, ed25519
from xconda_core.trust.metadata import MetadataRefused
from xconda_core.trust.package import judge, verdict
from xconda_core.values import replace

NAMES_SHOWN: Final = 10
_HEADINGS: Final = {
    "unsigned": "Unsigned: ",
    "wrong": "Not as signed: ",
    "unchecked": "Unchecked: ",
}


class PackagesNotTrusted(XcondaError):
    """A change would bring packages that are not signed as they have to be.

    Attributes:
        packages: Them, each with its status and why.
        safety_checks: What the setting says.
    """

    code: ClassVar[str] = "packages-not-trusted"

    def __init__(self, packages: Sequence[PackageTrust], safety_checks: str) -> None:
        super().__init__(packages, safety_checks)
        self.packages, self.safety_checks = tuple(packages), safety_checks
        first = packages[0]
        more = f", nor {len(packages) - 1} more" if len(packages) > 1 else ""
        self.what = f"Nothing was changed: {first.dist_name} is not to be trusted{more}."
        self.why = f"{first.why}."
        self.fix = (
            "run it again, for lists may change between two looks; if it repeats, do not install "
            "it, and tell those who sign the channel."
            if any(each.status == "wrong" for each in packages)
            else "take it from a channel that signs; or let it pass: `safety_checks: warn`."
        )


def trust_of(
    records: Sequence[PackageRecord],
    settings: Settings,
    home: Path,
    fetcher: Fetcher,
    cache_dir: Path,
    cancel: CancelToken,
) -> Trust:
    """Return whether ``records`` are signed.

    Args:
        records: What a plan brings.
        settings: Its ``safety_checks`` says what is refused. ``disabled``: nothing. ``warn``: what
            contradicts a signature. ``enabled``: all that is not signed.
        home: The user's home.
        fetcher: Opens addresses.
        cache_dir: Keeps package lists.
        cancel: Looked at while waiting.

    Raises:
        PackagesNotTrusted: some of them are not as they have to be.
        MetadataRefused: a document about keys is not what it should be.
        CryptographyMissing: nothing can be checked.
        Cancelled: somebody asked to stop.
    """
    base = settings.signing_metadata_url_base
    if not base:
        return Trust(words=("Signed:   not looked at: signing_metadata_url_base is not set.",))
    verify, kept = ed25519(), settings.as_kept
    ttl = settings.local_repodata_ttl
    terms = document_terms(fetcher, cache_dir, cancel, ttl=ttl, as_kept=kept)
    keys = _keys(base, settings, home, terms, verify)
    lists = partial(signed_entries, terms=terms, compressed=settings.repodata_use_zst)
    packages = _judged(records, keys, lists, verify)
    _refuse(packages, settings.safety_checks)
    notes = list(keys.notes)
    if keys.refusal is not None:
        notes.insert(0, f"{keys.refusal.what.rstrip('.')}: {keys.refusal.why.rstrip('.')}")
    trust = Trust(
        source=redacted(base),
        root_version=keys.root.version if keys.root else None,
        root_expires=keys.root.expires_on if keys.root else "",
        problem=redacted("; ".join(notes)),
        code=keys.refusal.code if keys.refusal else "",
        packages=packages,
    )
    return replace(trust, words=tuple(_words(trust)))


def _keys(
    base: str, settings: Settings, home: Path, terms: DocumentTerms, verify: Verify
) -> TrustedKeys:
    """Return what is believed, as strictly as ``safety_checks`` demands."""
    roots = first_root_folders(settings.root_prefix, home)
    places = KeyPlaces(base, roots, kept_folder(settings.state_dir, base))
    serve = served(base, terms.fetcher, terms.cancel, as_kept=terms.as_kept)
    try:
        keys = trusted_keys(places, serve, terms.clock(), verify)
    except MetadataRefused as refusal:
        if settings.safety_checks != "disabled":
            raise
        return TrustedKeys(None, None, refusal)
    if keys.refusal is not None and settings.safety_checks == "enabled":
        raise keys.refusal
    return keys


def _judged(
    records: Sequence[PackageRecord],
    keys: TrustedKeys,
    lists: Callable[[Sequence[PackageRecord]], Listings],
    verify: Verify,
) -> tuple[PackageTrust, ...]:
    manager = keys.key_manager
    if manager is None:
        why = "nobody's signature is believed"
        return tuple(verdict(record, "unchecked", why) for record in records)
    found = lists(records)
    return tuple(
        verdict(record, "unchecked", found.unknown[record.url])
        if record.url in found.unknown
        else judge(record, found.listed[record.url], manager, verify)
        for record in records
    )


def _refuse(packages: Sequence[PackageTrust], safety_checks: str) -> None:
    if safety_checks == "disabled":
        return
    forbidden = {"wrong"} if safety_checks == "warn" else {"wrong", "unsigned", "unchecked"}
    refused = [each for each in packages if each.status in forbidden]
    if refused:
        # what contradicts a signature is graver than having none
        raise PackagesNotTrusted(
            sorted(refused, key=lambda each: each.status != "wrong"), safety_checks
        )


def _words(trust: Trust) -> Iterator[str]:
    signed, count = len(trust.of("signed")), len(trust.packages)
    if trust.root_version is None or trust.code:
        yield f"Signed:   unknown. {trust.problem}."
        return
    number = f"all {count}" if signed == count else f"{signed} of {count}"
    yield (
        f"Signed:   {number} (root {trust.root_version} of {trust.source}, good until "
        f"{trust.root_expires})"
    )
    others = [each for each in trust.packages if each.status != "signed"]
    others.sort(key=lambda each: (each.status, each.why))
    for (status, why), group in groupby(others, key=lambda each: (each.status, each.why)):
        names = [each.name for each in group]
        more = f" and {len(names) - NAMES_SHOWN} more" if len(names) > NAMES_SHOWN else ""
        yield f"{_HEADINGS[status]}{', '.join(names[:NAMES_SHOWN])}{more}: {why}"
    if trust.problem:
        yield f"Careful:  {trust.problem}."
