"""Corrections that the owner of a channel makes to its package list. Layer: repodata. Pure.

Source: ``patch_instructions.json`` as conda-index applies it: archives stay as they are, and what
is said of ``x.tar.bz2`` holds for ``x.conda``. Version 2 (CEP 21) corrects run exports too.
"""

import json
from collections.abc import Mapping
from typing import ClassVar, Final

from xconda_core.errors import Json, XcondaError
from xconda_core.models.package_record import InvalidRecord, PackageRecord
from xconda_core.models.run_exports import InvalidRunExports, RunExports
from xconda_core.values import Slotted, dataclass

FILE: Final = "patch_instructions.json"
_VERSIONS: Final = (1, 2)
_RUN_EXPORTS: Final = "run_exports"
_OLD, _NEW = ".tar.bz2", ".conda"
_REVOKED: Final = "package_has_been_revoked"  # no channel has such a package

Record = Mapping[str, Json]


class PatchesNotUnderstood(XcondaError):
    """A file of corrections cannot be followed; the list stays as it was.

    Attributes:
        origin: The file.
    """

    code: ClassVar[str] = "patches-not-understood"

    def __init__(self, origin: str, reason: str) -> None:
        super().__init__(origin, reason)
        self.origin = origin
        self.what = "The channel was not indexed: its corrections cannot be followed."
        self.why = f"{origin}: {reason}."
        self.fix = "correct that file, or move it away to offer the packages as they are."


@dataclass(frozen=True, slots=True, kw_only=True)
class Patches(Slotted):
    """What is to be corrected.

    Attributes:
        fields: By file name of an archive, the fields to replace.
        run_exports: By file name of an archive, what takes the place of its run exports.
        revoked: Archives that stay listed and that nobody can choose any more.
        removed: Archives that are no longer listed.
        origin: Where this was read, for messages.
    """

    fields: Mapping[str, Record]
    run_exports: Mapping[str, Json]
    revoked: tuple[str, ...]
    removed: tuple[str, ...]
    origin: str

    def applied(self, packages: Mapping[str, Record]) -> tuple[dict[str, Record], tuple[str, ...]]:
        """Return the corrected records by file name, and the names of those that were removed.

        Raises:
            PatchesNotUnderstood: a record would be none any more.
        """
        patched = {fn: self._of(fn, record) for fn, record in packages.items()}
        gone = {fn for fn in patched if fn in self.removed or _older(fn) in self.removed}
        return {fn: each for fn, each in patched.items() if fn not in gone}, tuple(sorted(gone))

    def exported(self, fn: str, said: Json) -> Json:
        """Return the corrected run exports of an archive that says ``said`` of them."""
        return self.run_exports.get(fn, self.run_exports.get(_older(fn), said))

    def _of(self, fn: str, record: Record) -> Record:
        changes = {**self.fields.get(_older(fn), {}), **self.fields.get(fn, {})}
        if fn in self.revoked or _older(fn) in self.revoked:
            depends = changes.get("depends", record.get("depends"))
            listed = depends if isinstance(depends, list) else []
            changes |= {"revoked": True, "depends": [*listed, _REVOKED]}
        if not changes:
            return record
        corrected = {**record, **changes}
        try:
            PackageRecord.from_json(corrected, fn=fn)
        except InvalidRecord as error:
            raise PatchesNotUnderstood(self.origin, f"{fn}: {error}") from error
        return corrected


def read_patches(content: bytes, origin: str) -> Patches:
    """Read a file of corrections.

    Raises:
        PatchesNotUnderstood: it is none, or of a version that is not known here.
    """
    try:
        document = json.loads(content)
        version = document["patch_instructions_version"]
        if version not in _VERSIONS:
            raise PatchesNotUnderstood(origin, f"version {version!r} is not known, 1 and 2 are")
        fields = {**document.get("packages", {}), **document.get("packages.conda", {})}
        if not all(isinstance(each, dict) for each in fields.values()):
            raise PatchesNotUnderstood(origin, "the fields of a package must be an object")
        exports = _run_exports(fields) if version > 1 else {}
        revoked, removed = (_names(document, key, origin) for key in ("revoke", "remove"))
    except InvalidRunExports as error:
        raise PatchesNotUnderstood(origin, str(error)) from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise PatchesNotUnderstood(origin, f"it is no {FILE} ({error})") from error
    return Patches(
        fields=fields, run_exports=exports, revoked=revoked, removed=removed, origin=origin
    )


def _run_exports(fields: Mapping[str, dict[str, Json]]) -> dict[str, Json]:
    """Take the run exports out of the fields, which are those of records."""
    return {
        fn: RunExports.from_json(each.pop(_RUN_EXPORTS)).to_json()
        for fn, each in fields.items()
        if _RUN_EXPORTS in each
    }


def _names(document: Mapping[str, Json], key: str, origin: str) -> tuple[str, ...]:
    names = document.get(key, [])
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise PatchesNotUnderstood(origin, f"{key} must be a list of file names")
    return tuple(map(str, names))


def _older(fn: str) -> str:
    """Return the name that the archive has in the older format."""
    return fn.removesuffix(_NEW) + _OLD if fn.endswith(_NEW) else fn
