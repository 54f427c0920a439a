"""``conda-lock.yml``: several platforms in one file. Layer: environment. Pure. Source: CEP 37."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Final

from xconda_core.environment.formats.described import LockedEnvironment, LockedWheel
from xconda_core.environment.formats.locked_records import digest_of, locked_record
from xconda_core.environment.formats.tree import (
    Node,
    list_of,
    map_of,
    required_text,
    scalar_of,
    text_of,
    wrong,
)
from xconda_core.environment.formats.yaml_writer import yaml_text
from xconda_core.errors import Json
from xconda_core.models.channel_url import without_credentials
from xconda_core.models.match_spec import MatchSpec
from xconda_core.models.package_record import PackageRecord
from xconda_core.models.platform import KNOWN_SUBDIRS

_VERSION: Final = 1
_REQUESTED: Final = "xconda_requested"  # in `custom_metadata`: what was asked for, as a JSON list


def is_conda_lock(document: Node) -> bool:
    """Whether ``document`` has the three parts of such a file."""
    return document.kind == "map" and {"metadata", "package"} <= document.entries.keys()


def parse_conda_lock(document: Node, origin: str) -> LockedEnvironment:
    """Read a lock file; packages that are ``optional`` or of another category are left out.

    Raises:
        InvalidEnvironmentFile: it is not one, or of a version that is not known.
    """
    entries = map_of(document, origin, "it must be a map")
    _check_version(entries, origin)
    metadata = map_of(entries["metadata"], origin, "it must be a map")
    platforms = _platforms(metadata, entries["metadata"], origin)
    packages: dict[str, list[PackageRecord]] = {platform: [] for platform in platforms}
    wheels: dict[str, list[LockedWheel]] = {}
    seen: set[tuple[str, str, str]] = set()
    for item in list_of(entries["package"], origin, "it must be a list"):
        fields = map_of(item, origin, "it must be a map")
        if not _is_meant(fields, origin):
            continue
        platform, manager, name = (required_text(fields, key, item, origin) for key in _WHAT)
        if platform not in packages:
            raise wrong(
                item, origin, f"its platform {platform!r} is not among `metadata.platforms`"
            )
        if (platform, manager, name) in seen:
            raise wrong(item, origin, f"{name} is there twice for {platform}")
        seen.add((platform, manager, name))
        if manager == "conda":
            packages[platform].append(_record(fields, item, origin))
        elif manager == "pip":
            wheels.setdefault(platform, []).append(_wheel(fields, item, origin))
        else:
            raise wrong(item, origin, f"nothing here knows the manager {manager!r}")
    return LockedEnvironment(
        channels=_channels(metadata, origin),
        packages={platform: tuple(records) for platform, records in packages.items()},
        wheels={platform: tuple(items) for platform, items in wheels.items()},
        requested=_requested(metadata, origin),
        sources=_texts(metadata.get("sources"), origin),
    )


_WHAT: Final = ("platform", "manager", "name")


def conda_lock_text(locked: LockedEnvironment) -> str:
    """Return ``locked`` as a file; the same value gives the same text.

    Raises:
        ValueError: two constraints of one package for one name cannot stand in such a file. Never:
            they are joined.
    """
    items = {
        platform: [_package(record, platform) for record in records]
        + [_pip_package(wheel, platform) for wheel in locked.wheels.get(platform, ())]
        for platform, records in locked.packages.items()
    }
    metadata: dict[str, Json] = {
        "content_hash": {platform: _digest(found) for platform, found in items.items()},
        "channels": [{"url": without_credentials(url), "used_env_vars": []}
                     for url in locked.channels],
        "platforms": list(items),
        "sources": list(locked.sources),
    }  # fmt: skip
    if locked.requested:
        metadata["custom_metadata"] = {_REQUESTED: json.dumps(list(locked.requested))}
    packages: list[Json] = [item for found in items.values() for item in found]
    return yaml_text({"version": _VERSION, "metadata": metadata, "package": packages})


def _check_version(entries: Mapping[str, Node], origin: str) -> None:
    version = entries.get("version")
    if version is not None and scalar_of(version, origin) != str(_VERSION):
        raise wrong(version, origin, f"this xconda reads version {_VERSION} of conda-lock files")


def _platforms(metadata: Mapping[str, Node], node: Node, origin: str) -> tuple[str, ...]:
    if "platforms" not in metadata:
        raise wrong(node, origin, "it names no `platforms`")
    platforms = _texts(metadata["platforms"], origin)
    for platform in platforms:
        if platform not in KNOWN_SUBDIRS or platform == "noarch":
            raise wrong(metadata["platforms"], origin, f"{platform!r} is no platform")
    return platforms


def _is_meant(fields: Mapping[str, Node], origin: str) -> bool:
    category = scalar_of(fields["category"], origin) if "category" in fields else "main"
    optional = scalar_of(fields["optional"], origin) if "optional" in fields else "false"
    return category == "main" and optional.lower() != "true"


def _optional(fields: Mapping[str, Node], key: str, origin: str) -> str | None:
    node = fields.get(key)
    return None if node is None or node.kind == "nothing" else scalar_of(node, origin)


def _record(fields: Mapping[str, Node], item: Node, origin: str) -> PackageRecord:
    hashes = _hashes(fields, item, origin)
    given: dict[str, Json] = {
        "name": required_text(fields, "name", item, origin),
        "version": required_text(fields, "version", item, origin),
        "depends": list(_depends(fields, origin)),
        **hashes,
    }
    if (build := _optional(fields, "build", origin)) is not None:
        given["build"] = build
    return locked_record(required_text(fields, "url", item, origin), given, item, origin)


def _hashes(fields: Mapping[str, Node], item: Node, origin: str) -> dict[str, str]:
    if "hash" not in fields:
        raise wrong(item, origin, "it has no `hash`")
    found = map_of(fields["hash"], origin, "it must be a map")
    return {
        kind: digest_of(found[kind], kind, origin)
        for kind in ("md5", "sha256")
        if kind in found and found[kind].kind != "nothing"
    }


def _depends(fields: Mapping[str, Node], origin: str) -> tuple[str, ...]:
    if "dependencies" not in fields or fields["dependencies"].kind == "nothing":
        return ()
    found = map_of(fields["dependencies"], origin, "it must be a map of names to constraints")
    specs = ((name, scalar_of(node, origin)) for name, node in found.items())
    return tuple(f"{name} {constraint}".strip() for name, constraint in specs)


def _wheel(fields: Mapping[str, Node], item: Node, origin: str) -> LockedWheel:
    return LockedWheel(
        name=required_text(fields, "name", item, origin),
        version=required_text(fields, "version", item, origin),
        url=required_text(fields, "url", item, origin),
        sha256=_hashes(fields, item, origin).get("sha256"),
    )


def _channels(metadata: Mapping[str, Node], origin: str) -> tuple[str, ...]:
    if "channels" not in metadata:
        return ()
    urls = []
    for item in list_of(metadata["channels"], origin, "it must be a list"):
        if item.kind == "map" and "url" in item.entries:
            urls.append(text_of(item.entries["url"], origin))
        else:
            urls.append(text_of(item, origin))  # as conda-lock 1 wrote it
    return tuple(urls)


def _requested(metadata: Mapping[str, Node], origin: str) -> tuple[str, ...]:
    custom = metadata.get("custom_metadata")
    if custom is None or custom.kind != "map" or _REQUESTED not in custom.entries:
        return ()
    node = custom.entries[_REQUESTED]
    try:
        specs = json.loads(text_of(node, origin))
    except ValueError:
        specs = None
    if not isinstance(specs, list) or not all(isinstance(spec, str) for spec in specs):
        raise wrong(node, origin, "it must be a JSON list of package specifications")
    return tuple(str(MatchSpec.parse(spec)) for spec in specs)


def _texts(node: Node | None, origin: str) -> tuple[str, ...]:
    if node is None or node.kind == "nothing":
        return ()
    return tuple(text_of(item, origin) for item in list_of(node, origin, "it must be a list"))


def _package(record: PackageRecord, platform: str) -> Json:
    hashes = {"md5": record.md5, "sha256": record.sha256}
    return {
        "name": record.name,
        "version": record.version,
        "manager": "conda",
        "platform": platform,
        "dependencies": _dependencies(record.depends),
        "url": record.url,
        "hash": {key: value for key, value in hashes.items() if value},
        "category": "main",
        "optional": False,
        "build": record.build,
    }


def _dependencies(depends: Sequence[str]) -> dict[str, Json]:
    """Return name to constraint; what cannot be said so (a channel, a bracket) is in the archive.

    Constraints of one name that stand in several entries are joined by a comma, which means and.
    """
    found: dict[str, Json] = {}
    for spec in depends:
        name, _, constraint = spec.strip().partition(" ")
        if "::" in name or "[" in spec or ";" in spec:
            continue
        before = str(found.get(name, ""))
        is_version = " " not in f"{before}{constraint}"
        if before and constraint and before != constraint and is_version:
            constraint = f"{before},{constraint}"
        found[name] = constraint or before
    return found


def _pip_package(wheel: LockedWheel, platform: str) -> Json:
    return {
        "name": wheel.name,
        "version": wheel.version,
        "manager": "pip",
        "platform": platform,
        "dependencies": {},
        "url": wheel.url,
        "hash": {"sha256": wheel.sha256} if wheel.sha256 else {},
        "category": "main",
        "optional": False,
    }


def _digest(items: Sequence[Json]) -> str:
    """Return the digest of what is locked for a platform."""
    lines = sorted(json.dumps(item, sort_keys=True) for item in items)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
