"""Health checks of files: missing, altered, broken links, permissions. Layer: environment. Pure."""

import posixpath
from collections.abc import Iterator
from typing import Final

from xconda_core.environment.health import Check, FileFacts, Finding, PrefixSnapshot
from xconda_core.models.package_paths import InstalledPath

_READ: Final = 0o444
_FIX: Final = "`xconda doctor --fix` brings it again from its package."
_META: Final = ("conda-meta", "conda-meta/history")


def missing_files(snapshot: PrefixSnapshot) -> tuple[Finding, ...]:
    """Return the files that packages list and that are gone; byte code is made anew by Python."""
    return tuple(
        Finding(
            what=f"{path} is missing.", package=owned.package, path=path, fix=_FIX, is_file=True
        )
        for path, owned in snapshot.owned.items()
        if path not in snapshot.files and owned.path.path_type not in {"pyc_file", "directory"}
    )


def altered_files(snapshot: PrefixSnapshot) -> tuple[Finding, ...]:
    """Return the files that are not what their package brought."""
    found = []
    for path, owned in snapshot.owned.items():
        there = snapshot.files.get(path)
        if (
            there is None
            or (change := _change(owned.path, there, snapshot.digests.get(path))) == ""
        ):
            continue
        what = f"{path} {change}."
        found.append(Finding(what=what, package=owned.package, path=path, fix=_FIX, is_file=True))
    return tuple(found)


def broken_links(snapshot: PrefixSnapshot) -> tuple[Finding, ...]:
    """Return the links of packages that lead to nothing."""
    found = []
    for path, owned in snapshot.owned.items():
        there = snapshot.files.get(path)
        if there is None or not there.is_broken:
            continue
        target = posixpath.normpath(posixpath.join(posixpath.dirname(path), there.leads_to))
        is_own = target in snapshot.owned
        found.append(
            Finding(
                level="problem" if is_own else "warning",
                what=f"{path} leads to {there.leads_to}, which is not there.",
                package=owned.package,
                path=path,
                fix=_FIX if is_own else "its package may be meant to be used with another one.",
            )
        )
    return tuple(found)


def permissions(snapshot: PrefixSnapshot) -> tuple[Finding, ...]:
    """Return files that cannot be read, and an environment that its own owner cannot change."""
    found = [
        Finding(
            what=f"{path} can be read by nobody.",
            package=snapshot.owned[path].package,
            path=path,
            fix=f"`chmod u+r {snapshot.prefix / path}`.",
        )
        for path, there in snapshot.files.items()
        if path in snapshot.owned and there.kind == "file" and not there.mode & _READ
    ]
    return (*found, *_meta_permissions(snapshot), *_strangers(snapshot))


def _meta_permissions(snapshot: PrefixSnapshot) -> Iterator[Finding]:
    user = snapshot.surroundings.user
    for path in _META:
        there = snapshot.files.get(path)
        if there is not None and there.owner == user and not there.mode & 0o200:
            yield Finding(
                what=f"{path} is yours and cannot be written, so the environment cannot change.",
                path=path,
                fix=f"`chmod u+w {snapshot.prefix / path}`.",
            )


def _strangers(snapshot: PrefixSnapshot) -> Iterator[Finding]:
    """Warn of files that are somebody else's than the environment: sudo leaves such behind."""
    meta = snapshot.files.get("conda-meta")
    if meta is None:
        return
    others = [
        path
        for path, there in snapshot.files.items()
        if there.owner != meta.owner and there.owner == 0
    ]
    if others:
        yield Finding(
            level="warning",
            what=f"{len(others)} files are root's, though the environment is not: {others[0]} ...",
            path=others[0],
            fix=f"an administrator can say `chown -R --reference=conda-meta {snapshot.prefix}`.",
        )


def _change(listed: InstalledPath, there: FileFacts, digest: str | None) -> str:
    if listed.path_type == "softlink":
        return "" if there.kind == "link" else "was a link, and is none any more"
    if listed.path_type in {"directory", "pyc_file"}:
        return ""
    if there.kind != "file":
        return f"was a file, and is a {there.kind} now" if there.kind != "link" else ""
    if size_differs(listed, there):
        return f"has {there.size} bytes instead of {listed.size_in_bytes}"
    wanted = expected_digest(listed)
    return "was changed" if digest and wanted and digest != wanted else ""


def expected_digest(listed: InstalledPath) -> str | None:
    """Return the SHA-256 that a file should have in the prefix; None where nobody knows."""
    if listed.sha256_in_prefix or listed.prefix_placeholder:
        return listed.sha256_in_prefix
    return listed.sha256


def size_differs(listed: InstalledPath, there: FileFacts) -> bool:
    """Whether the length alone shows that a file is not as it was shipped."""
    known = listed.size_in_bytes is not None and not listed.prefix_placeholder
    return known and listed.path_type == "hardlink" and there.size != listed.size_in_bytes


FILE_CHECKS: Final = (
    Check("missing-files", "files of packages that are gone", missing_files, frozenset({"files"})),
    Check(
        "altered-files",
        "files that are not what their package brought",
        altered_files,
        frozenset({"files", "digests"}),
    ),
    Check("broken-links", "links that lead to nothing", broken_links, frozenset({"files"})),
    Check(
        "permissions",
        "files that cannot be read, or are somebody else's",
        permissions,
        frozenset({"files"}),
    ),
)
