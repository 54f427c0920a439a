"""Read a wheel. Layer: testing. Source: PyPA's binary distribution format, core metadata."""

import zipfile
import zlib
from collections.abc import Iterator
from configparser import ConfigParser
from configparser import Error as ConfigError
from datetime import UTC, datetime
from email.message import Message
from email.parser import BytesParser
from pathlib import Path

from packaging.utils import canonicalize_name, parse_wheel_filename

from xconda_core.values import Slotted, dataclass


class WheelNotUnderstood(ValueError):
    """A wheel lacks what its format demands; the message names the file and the lack."""


@dataclass(frozen=True, slots=True)
class WheelMember(Slotted):
    """One file of a wheel.

    Attributes:
        scheme: Where it belongs: ``purelib``, ``platlib``, ``scripts``, ``data`` or ``headers``.
        path: Path inside that place.
        content: Its bytes.
    """

    scheme: str
    path: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Wheel(Slotted):
    """An opened wheel.

    Attributes:
        name: Canonical project name (PEP 503).
        version: Version, as its metadata writes it.
        metadata: Fields of ``METADATA``.
        tags: Its compatibility tags, for example ``cp311-abi3-manylinux_2_17_x86_64``.
        is_pure: Nothing in it depends on the platform.
        dist_info: Name of its ``.dist-info`` folder.
        timestamp: When its newest file was made, milliseconds since 1970.
        entry_points: ``command = module:function`` of console and GUI scripts.
        members: Its files, but for RECORD.
    """

    name: str
    version: str
    metadata: Message
    tags: tuple[str, ...]
    is_pure: bool
    dist_info: str
    timestamp: int
    entry_points: tuple[str, ...]
    members: tuple[WheelMember, ...]

    @property
    def is_stable_abi(self) -> bool:
        """Whether it is compiled, yet fits every later Python (``abi3``)."""
        return not self.is_pure and all(tag.split("-")[1] in {"abi3", "none"} for tag in self.tags)


def read_wheel(path: Path) -> Wheel:
    """Return the wheel at ``path``.

    Raises:
        WheelNotUnderstood: it is damaged, or lacks its metadata.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            newest = max(member.date_time for member in archive.infolist())
            contents = {name: archive.read(name) for name in archive.namelist() if name[-1] != "/"}
        name, version, _, tags = parse_wheel_filename(path.name)
        dist_info = _dist_info(contents, name)
        metadata = BytesParser().parsebytes(contents[f"{dist_info}/METADATA"])
        about_wheel = BytesParser().parsebytes(contents[f"{dist_info}/WHEEL"])
        scripts = tuple(_scripts(contents.get(f"{dist_info}/entry_points.txt", b"").decode()))
    except (zipfile.BadZipFile, zlib.error, ConfigError, ValueError, KeyError) as error:
        raise WheelNotUnderstood(f"{path.name}: {error}") from error
    in_root_pure = about_wheel.get("Root-Is-Purelib", "").lower() == "true"
    return Wheel(
        name=name,
        version=str(metadata.get("Version", version)),
        metadata=metadata,
        tags=tuple(sorted(map(str, tags))),
        is_pure=all(tag.platform == "any" for tag in tags),
        dist_info=dist_info,
        timestamp=int(datetime(*newest, tzinfo=UTC).timestamp()) * 1000,
        entry_points=scripts,
        members=tuple(_members(contents, dist_info, "purelib" if in_root_pure else "platlib")),
    )


def _dist_info(contents: dict[str, bytes], name: str) -> str:
    for path in contents:
        folder = path.partition("/")[0]
        project = folder.partition("-")[0]
        if folder.endswith(".dist-info") and canonicalize_name(project) == name:
            return folder
    raise WheelNotUnderstood(f"there is no {name}-*.dist-info")


def _scripts(text: str) -> Iterator[str]:
    parser = ConfigParser(delimiters=("=",), interpolation=None, strict=False)
    parser.optionxform = str  # type: ignore[assignment, method-assign]  # commands keep their case
    parser.read_string(text)
    for section in ("console_scripts", "gui_scripts"):
        if parser.has_section(section):
            for command, target in sorted(parser.items(section)):
                yield f"{command} = {target.partition('[')[0].strip()}"


def _members(contents: dict[str, bytes], dist_info: str, root: str) -> Iterator[WheelMember]:
    data = dist_info.removesuffix(".dist-info") + ".data/"
    signed = {f"{dist_info}/{name}" for name in ("RECORD", "RECORD.jws", "RECORD.p7s")}
    for path, content in sorted(contents.items()):
        if path in signed:
            continue
        if path.startswith(data):
            scheme, _, inner = path.removeprefix(data).partition("/")
            yield WheelMember(scheme, inner, content)
        else:
            yield WheelMember(root, path, content)
