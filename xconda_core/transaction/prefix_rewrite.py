"""Put the real prefix where a package has its placeholder. Layer: transaction. Pure.

Source: CEP 34 (text and binary placeholders), conda's rule for first lines (``#!``).
"""

import re
import struct
from typing import ClassVar, Final

from xconda_core.errors import XcondaError
from xconda_core.models.package_paths import FileMode

# A placeholder may also stand in a file as wide characters. Widths in bytes.
_WIDE: Final = (("utf-16-le", 2), ("utf-16-be", 2), ("utf-32-le", 4), ("utf-32-be", 4))
# Linux reads 128 bytes of a first line at most (BINPRM_BUF_SIZE of kernels before 5.1). Where it is
# not known which system is to run it, the shorter limit suits them all.
_LONGEST_SHEBANG: Final = {"linux": 127, "osx": 512}
_SHORTEST_LIMIT: Final = 127
_END_OF_ZIP: Final = b"PK\x05\x06"  # 12 and 16 bytes on: the directory's size and place
_SHEBANG: Final = re.compile(rb"#! *(/(?:\\ |[^ \n\r\t])*)([^\n\r]*)")
_PLACEHOLDER_SHEBANG: Final = rb"#! *(%s[^ \n\r\t]*)([^\n\r]*)"


class PrefixTooLong(XcondaError):
    """A binary file has less room for the prefix than the prefix needs.

    Attributes:
        prefix: The environment.
        room: How many bytes it may have.
        program: Which file of which package has no more room.
    """

    code: ClassVar[str] = "prefix-too-long"

    def __init__(self, prefix: str, room: int, program: str = "a program") -> None:
        super().__init__(prefix, room, program)
        self.prefix, self.room, self.program = prefix, room, program
        self.what = f"The environment cannot be at {prefix}: the path is too long."
        self.why = (
            f"it has {len(prefix.encode())} bytes, and {program} has room for {room} in its "
            "machine code."
        )
        self.fix = f"choose a folder whose path has at most {room} bytes."


def replace_prefix(
    content: bytes, mode: FileMode, placeholder: str, prefix: str, subdir: str
) -> bytes:
    """Return ``content`` as it must stand in ``prefix``.

    Args:
        content: The file as shipped.
        mode: ``binary`` keeps the length: strings that get shorter are padded with NUL.
        placeholder: The text that stands for the prefix.
        prefix: Absolute path of the environment.
        subdir: Platform of the environment; of programs for Windows only the first line of a
            launcher changes, the rest find their prefix themselves; its texts get forward slashes.

    Raises:
        PrefixTooLong: a binary string has no room for ``prefix``.
    """
    windows = subdir.startswith("win")
    if mode == "binary" and windows:
        return _replace_in_launcher(content, placeholder, prefix)
    if mode == "binary":
        return _replace_binary(content, placeholder, prefix)
    if windows:
        return _replace_text(content, placeholder, prefix.replace("\\", "/"))
    first = _first_line(content, placeholder, prefix, subdir)
    replaced = _replace_text(content, placeholder, prefix)
    if first is None:
        return replaced
    end = re.search(rb"[\r\n]|$", replaced)
    return first + replaced[end.start() if end else 0 :]


def _replace_text(content: bytes, placeholder: str, prefix: str) -> bytes:
    content = content.replace(placeholder.encode(), prefix.encode())
    for encoding, _ in _WIDE:
        wide = placeholder.encode(encoding)
        if wide in content:
            content = content.replace(wide, prefix.encode(encoding))
    return content


def _replace_binary(content: bytes, placeholder: str, prefix: str) -> bytes:
    for encoding, width in (("utf-8", 1), *_WIDE):
        old, new = placeholder.encode(encoding), prefix.encode(encoding)
        if old not in content:
            continue
        if len(new) > len(old) and _end_of_string(content, content.find(old), width) != -1:
            raise PrefixTooLong(prefix, len(placeholder.encode()))
        content = _replace_strings(content, old, new, width)
    return content


def _replace_strings(content: bytes, old: bytes, new: bytes, width: int) -> bytes:
    """Replace ``old`` in every NUL-terminated string and pad the string to its length."""
    done: list[bytes] = []
    copied = 0
    start = content.find(old)
    while start != -1:
        end = _end_of_string(content, start, width)
        if end == -1:
            break  # no string at all: without its NUL nothing may move
        text = content[start:end].replace(old, new)
        done += (content[copied:start], text, bytes(end - start - len(text)))
        copied = end
        start = content.find(old, end)
    done.append(content[copied:])
    return b"".join(done)


def _replace_in_launcher(content: bytes, placeholder: str, prefix: str) -> bytes:
    """Replace the interpreter that a launcher starts: a program, a first line, and a zip archive.

    The archive is found from its end, as zip readers do, so that the line may change its length.
    """
    end = content.rfind(_END_OF_ZIP)
    if end == -1 or len(content) < end + 20:
        return content
    archive = end - sum(struct.unpack_from("<LL", content, end + 12))
    line = content.rfind(b"#!", 0, max(archive, 0))
    if line < 1:
        return content
    shebang = content[line:archive].replace(placeholder.encode(), prefix.encode())
    return content[:line] + shebang + content[archive:]


def _end_of_string(content: bytes, start: int, width: int) -> int:
    nul = bytes(width)
    end = content.find(nul, start)
    while end != -1 and (end - start) % width:
        end = content.find(nul, end + 1)
    return end


def _first_line(content: bytes, placeholder: str, prefix: str, subdir: str) -> bytes | None:
    """Return a first line that the kernel can run, None where the plain one will do."""
    if not content.startswith(b"#!"):
        return None
    old, new = placeholder.encode(), prefix.encode()
    begins = re.match(_PLACEHOLDER_SHEBANG % re.escape(old), content)
    match = begins or _SHEBANG.match(content)
    if match is None:
        return None
    program, options = match[1].replace(old, new), match[2].replace(old, new)
    limit = _LONGEST_SHEBANG.get(subdir.partition("-")[0], _SHORTEST_LIMIT)
    whole = match[0].replace(old, new)
    folder, _, name = program.rpartition(b"/")
    if b" " not in folder and len(whole) <= limit:
        return None
    return b"#!/usr/bin/env " + name + options
