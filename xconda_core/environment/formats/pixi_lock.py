"""``pixi.lock``, format 6. Layer: environment. Pure. Source: the documents of pixi and rattler."""

from collections.abc import Mapping
from typing import Final

from xconda_core.environment.formats.described import LockedEnvironment, LockedWheel
from xconda_core.environment.formats.locked_records import digest_of, locked_record
from xconda_core.environment.formats.problem import InvalidEnvironmentFile
from xconda_core.environment.formats.tree import (
    Node,
    list_of,
    map_of,
    required_text,
    scalar_of,
    text_of,
    wrong,
)
from xconda_core.errors import Json
from xconda_core.models.package_record import PackageRecord

_VERSION: Final = "6"
_TEXTS: Final = (
    "name", "version", "build", "subdir", "noarch", "md5", "sha256", "license", "license_family",
    "python_site_packages_path", "features",
)  # fmt: skip
_LISTS: Final = ("depends", "constrains", "track_features")
_NUMBERS: Final = ("build_number", "size", "timestamp")


def is_pixi_lock(document: Node) -> bool:
    """Whether ``document`` has the parts of such a file."""
    return document.kind == "map" and {"version", "environments"} <= document.entries.keys()


def parse_pixi_lock(document: Node, origin: str, environment: str = "default") -> LockedEnvironment:
    """Read one environment of a lock file.

    Args:
        document: The file.
        origin: Names it in errors.
        environment: Which of its environments.

    Raises:
        InvalidEnvironmentFile: it is of another version, or holds what only pixi can build.
    """
    entries = map_of(document, origin, "it must be a map")
    if (version := scalar_of(entries["version"], origin)) != _VERSION:
        problem = f"this xconda reads pixi's lock files of version {_VERSION}, not {version}"
        raise wrong(entries["version"], origin, problem)
    chosen = _environment(entries["environments"], origin, environment)
    records, wheels = _known_packages(entries.get("packages"), origin)
    packages: dict[str, tuple[PackageRecord, ...]] = {}
    locked_wheels: dict[str, tuple[LockedWheel, ...]] = {}
    platforms = (
        map_of(chosen["packages"], origin, "it must be a map") if "packages" in chosen else {}
    )
    for platform, node in platforms.items():
        found, pip = [], []
        for item in list_of(node, origin, "it must be a list"):
            fields = map_of(item, origin, "it must be a map")
            key = "conda" if "conda" in fields else "pypi"
            if key not in fields:
                raise wrong(item, origin, "it is neither a conda nor a pypi package")
            address = text_of(fields[key], origin)
            try:
                if key == "conda":
                    found.append(records[address])
                else:
                    pip.append(wheels[address])
            except KeyError:
                raise wrong(item, origin, f"`packages` does not describe {address}") from None
        packages[platform] = tuple(found)
        if pip:
            locked_wheels[platform] = tuple(pip)
    return LockedEnvironment(
        channels=_channels(chosen, origin), packages=packages, wheels=locked_wheels
    )


def _environment(node: Node, origin: str, name: str) -> Mapping[str, Node]:
    found = map_of(node, origin, "it must be a map")
    if name not in found:
        names = ", ".join(found) or "none"
        raise InvalidEnvironmentFile(origin, f"it has no environment {name!r} (it has {names})")
    return map_of(found[name], origin, "it must be a map")


def _channels(environment: Mapping[str, Node], origin: str) -> tuple[str, ...]:
    if "channels" not in environment:
        return ()
    items = list_of(environment["channels"], origin, "it must be a list")
    maps = (map_of(item, origin, "it must be a map with `url`") for item in items)
    return tuple(text_of(each["url"], origin).rstrip("/") for each in maps if "url" in each)


def _known_packages(
    node: Node | None, origin: str
) -> tuple[dict[str, PackageRecord], dict[str, LockedWheel]]:
    """Return the records and wheels by their address."""
    records: dict[str, PackageRecord] = {}
    wheels: dict[str, LockedWheel] = {}
    for item in list_of(node, origin, "it must be a list") if node else ():
        fields = map_of(item, origin, "it must be a map")
        if "conda" in fields:
            address = text_of(fields["conda"], origin)
            if "://" in address:  # the others are sources, which only pixi builds
                records[address] = locked_record(address, _given(fields, origin), item, origin)
        elif "pypi" in fields:
            address = text_of(fields["pypi"], origin)
            wheels[address] = LockedWheel(
                name=required_text(fields, "name", item, origin),
                version=required_text(fields, "version", item, origin),
                url=address,
                sha256=digest_of(fields["sha256"], "sha256", origin)
                if "sha256" in fields
                else None,
            )
    return records, wheels


def _given(fields: Mapping[str, Node], origin: str) -> dict[str, Json]:
    given: dict[str, Json] = {}
    for key in _TEXTS:
        if key in fields and fields[key].kind != "nothing":
            node = fields[key]
            is_digest = key in {"md5", "sha256"}
            given[key] = digest_of(node, key, origin) if is_digest else scalar_of(node, origin)
    for key in _LISTS:
        if key in fields and fields[key].kind != "nothing":
            items = list_of(fields[key], origin, "it must be a list")
            given[key] = [scalar_of(item, origin) for item in items]
    for key in _NUMBERS:
        if key in fields and fields[key].kind != "nothing":
            text = scalar_of(fields[key], origin)
            if not text.isdecimal() or len(text) > 18:
                raise wrong(fields[key], origin, "it must be a whole number")
            given[key] = int(text)
    return given
