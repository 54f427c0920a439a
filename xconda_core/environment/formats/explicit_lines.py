"""Packages as the addresses of their archives. Layer: environment. Pure. Source: CEP 23."""

from collections.abc import Iterable
from typing import ClassVar, Final, Literal

from xconda_core.errors import XcondaError
from xconda_core.models.package_record import PackageRecord

Digest = Literal["md5", "sha256"]

MARK: Final = "@EXPLICIT"


class NoAddressKnown(XcondaError):
    """A package cannot be written down by its address: where it came from is not known."""

    code: ClassVar[str] = "no-address-known"

    def __init__(self, package: str) -> None:
        super().__init__(package)
        self.package = package
        self.what = "No explicit list was written."
        self.why = f"nothing tells where {package} came from."
        self.fix = "reinstall that package, or write another format."


def heading(platform: str) -> tuple[str, ...]:
    """Return the comments that begin a file for packages of ``platform``."""
    return (
        "# This file may be used to create an environment using:",
        "# $ xconda create --name <env> --file <this file>",
        f"# platform: {platform}",
    )


def explicit_text(
    records: Iterable[PackageRecord], platform: str, digest: Digest | None = "sha256"
) -> str:
    """Return a whole file with a line per record, in the order given: dependencies come first.

    ``digest`` is written behind ``#`` where the record has it; sha256 where md5 is missing.

    Raises:
        NoAddressKnown: a record says nothing of where it came from.
    """
    addresses = (_address(record, digest) for record in records)
    return "\n".join([*heading(platform), MARK, *addresses]) + "\n"


def _address(record: PackageRecord, digest: Digest | None) -> str:
    url = record.url
    if not url and "://" in record.channel and record.subdir and record.fn:
        url = f"{record.channel}/{record.subdir}/{record.fn}"  # as very old conda left it out
    if not url:
        raise NoAddressKnown(record.dist_name)
    if digest is None:
        return url
    if record.sha256 and (digest == "sha256" or not record.md5):
        return f"{url}#sha256:{record.sha256}"
    return f"{url}#{record.md5}" if record.md5 else url
