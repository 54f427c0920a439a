"""Entries of menus as macOS keeps them: one application bundle each. Layer: transaction. Pure.

Source: CEP 11; Apple's "Bundle Programming Guide" and "Information Property List". The program of a
bundle is a script of the shell, so nothing binary is needed. See docs/decisions/0150-*.md.
"""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Final

from xconda_core.errors import Json
from xconda_core.transaction.desktop_places import file_start
from xconda_core.transaction.menu import BadMenu, MenuItem, slug
from xconda_core.values import Slotted, dataclass

_KEYS: Final = (
    "CFBundleDisplayName", "CFBundleDocumentTypes", "CFBundleIdentifier", "CFBundleName",
    "CFBundleSpokenName", "CFBundleURLTypes", "CFBundleVersion", "LSApplicationCategoryType",
    "LSBackgroundOnly", "LSEnvironment", "LSMinimumSystemVersion",
    "LSMultipleInstancesProhibited", "LSRequiresNativeExecution",
    "NSAudioCaptureUsageDescription", "NSCameraUsageDescription",
    "NSMainCameraUsageDescription", "NSMicrophoneUsageDescription",
    "NSSupportsAutomaticGraphicsSwitching", "UTExportedTypeDeclarations",
    "UTImportedTypeDeclarations",
)  # fmt: skip
_NOT_DONE: Final = ("entitlements", "event_handler")  # need signed programs of machine code
_VERSION: Final = "1.0.0"
_LONGEST_NAME: Final = 15  # of CFBundleName, in characters
_IN_TERMINAL: Final = """\
if [ "${__CFBundleIdentifier:-}" != "com.apple.Terminal" ]; then
    exec open -b com.apple.terminal "$0"
fi
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleFile(Slotted):
    """One file or link of an application bundle.

    Attributes:
        content: What is in a file.
        executable: It is to be run.
        link_target: What a link says, None for a file.
        copy_of: Absolute path of the file that it is a copy of, None for ``content``.
    """

    content: bytes = b""
    executable: bool = False
    link_target: str | None = None
    copy_of: str | None = None


def macos_bundles(
    items: Sequence[MenuItem], prefix: str, applications: str, launcher: Sequence[str]
) -> dict[str, BundleFile]:
    """Return the files that show ``items``, by their path in the folder ``applications``.

    Args:
        items: All entries of the environment.
        prefix: Absolute path of the environment.
        applications: Absolute path of the user's folder of applications.
        launcher: The words that start a program, which follows, in the activated environment.

    Raises:
        BadMenu: an entry wants a link outside its bundle, or a key twice.
    """
    start = file_start(prefix)
    files: dict[str, BundleFile] = {}
    for item in items:
        name = item.name.replace("/", "-").replace("\0", "")
        bundle = f"{start}{slug(item.menu)}/{name}.app"
        location = f"{applications}/{bundle}"
        for path, file in _bundle(item, prefix, location, launcher):
            files[f"{bundle}/Contents/{path}"] = file
    return files


def left_out(item: MenuItem) -> tuple[str, ...]:
    """Return the keys of ``item`` that nothing comes of."""
    return tuple(key for key in _NOT_DONE if item.details.get(key))


def _bundle(
    item: MenuItem, prefix: str, location: str, launcher: Sequence[str]
) -> Iterator[tuple[str, BundleFile]]:
    import plistlib

    program = slug(item.name)
    said = _properties(item, prefix, program)
    yield "Info.plist", BundleFile(content=plistlib.dumps(_placed(said, location)))
    yield "PkgInfo", BundleFile(content=b"APPL????")
    script = _script(item, launcher).replace("{{ MENU_ITEM_LOCATION }}", location)
    yield f"MacOS/{program}", BundleFile(content=script.encode(), executable=True)
    if item.icon:
        yield f"Resources/{PurePosixPath(item.icon).name}", BundleFile(copy_of=item.icon)
    links = item.details.get("link_in_bundle")
    for source, wanted in links.items() if isinstance(links, dict) else ():
        inside = PurePosixPath(str(wanted).replace("{{ MENU_ITEM_LOCATION }}/", ""))
        if inside.is_absolute() or ".." in inside.parts or inside.parts[:1] != ("Contents",):
            raise BadMenu(f"link_in_bundle leads out of the bundle: {wanted!r}")
        yield str(inside.relative_to("Contents")), BundleFile(link_target=source)


def _properties(item: MenuItem, prefix: str, program: str) -> dict[str, Json]:
    own = {key: item.details[key] for key in _KEYS if item.details.get(key) is not None}
    extra = item.details.get("info_plist_extra") or {}
    if not isinstance(extra, dict) or extra.keys() & own.keys():
        raise BadMenu("info_plist_extra is no object, or says again what another key says")
    version = own.get("CFBundleVersion", _VERSION)
    said: dict[str, Json] = {
        "CFBundleName": item.name[:_LONGEST_NAME],
        "CFBundleDisplayName": item.name,
        "CFBundleExecutable": program,
        "CFBundleIdentifier": f"org.xconda.{file_start(prefix)[len('xconda-') :]}{item.slug}",
        "CFBundlePackageType": "APPL",
        "CFBundleVersion": version,
        "CFBundleShortVersionString": version,
        "CFBundleGetInfoString": item.description or f"{item.name} {version}",
        # A script says not for which processor it is, and macOS would ask for Rosetta.
        "LSArchitecturePriority": ["arm64", "x86_64"],
    }
    if item.icon:
        said["CFBundleIconFile"] = PurePosixPath(item.icon).name
    return said | own | extra


def _script(item: MenuItem, launcher: Sequence[str]) -> str:
    words = (*launcher, *item.command) if item.activate else item.command
    lines = ["#!/bin/sh\n"]
    if item.terminal:
        lines.append(_IN_TERMINAL)
    if item.working_dir:
        lines.append(f"cd {shlex.quote(item.working_dir)} || exit\n")
    if item.precommand:
        lines.append(f"{item.precommand}\n")
    lines.append(f'exec {shlex.join(words)} "$@"\n')
    return "".join(lines)


def _placed(said: Mapping[str, Json], location: str) -> dict[str, Json]:
    return {key: _placed_value(value, location) for key, value in said.items()}


def _placed_value(value: Json, location: str) -> Json:
    if isinstance(value, str):
        return value.replace("{{ MENU_ITEM_LOCATION }}", location)
    if isinstance(value, list):
        return [_placed_value(each, location) for each in value if each is not None]
    if isinstance(value, dict):
        return {k: _placed_value(v, location) for k, v in value.items() if v is not None}
    return value
