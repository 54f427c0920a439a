"""Programs for macOS that must be signed anew after their prefix was rewritten. Layer: transaction.

Source: macOS on arm64 starts no program whose signature does not fit; ``codesign(1)``, whose
identity ``-`` signs without anybody's name. See docs/decisions/0196-signing-on-macos.md.
"""

import subprocess
from collections.abc import Iterable, Sequence
from hashlib import file_digest
from pathlib import Path
from typing import ClassVar, Final

from msgspec.structs import replace

from xconda_core.errors import XcondaError
from xconda_core.models.package_paths import InstalledPath
from xconda_core.transaction.package_link import Link
from xconda_core.values import Slotted, dataclass

PROGRAM: Final = "/usr/bin/codesign"
_NEEDS_SIGNATURES: Final = "osx-arm64"
# Mach-O of 32 and 64 bits, in both byte orders, and files of several architectures.
_MAGIC: Final = frozenset(
    bytes.fromhex(each)
    for each in ("feedface", "feedfacf", "cefaedfe", "cffaedfe", "cafebabe", "bebafeca")
)
_SECONDS: Final = 60.0
_PATHS_AT_A_TIME: Final = 100


class NotSigned(XcondaError):
    """A program that was rewritten could not be signed, so that it would not start."""

    code: ClassVar[str] = "not-signed"

    def __init__(self, paths: Sequence[str], said: str) -> None:
        super().__init__(paths, said)
        self.paths, self.said = tuple(paths), said
        self.what = f"{paths[0]} could not be signed, and would not start."
        self.why = f"`{PROGRAM}` failed: {said}"
        self.fix = "install Apple's command line tools (`xcode-select --install`); run it again."


@dataclass(frozen=True, slots=True)
class Signing(Slotted):
    """One program that is to be signed.

    Attributes:
        package: Whose it is.
        path: Where it is, relative to the prefix.
    """

    package: str
    path: str


def signings(links: Iterable[Link], subdir: str) -> tuple[Signing, ...]:
    """Return what must be signed once ``links`` are made in an environment of ``subdir``."""
    if subdir != _NEEDS_SIGNATURES:
        return ()
    return tuple(
        Signing(link.record.name, new.path)
        for link in links
        for new in link.files
        if new.shipped.prefix_placeholder
        and new.shipped.file_mode == "binary"
        and is_program(link.contents.folder / new.shipped.path)
    )


def is_program(path: Path) -> bool:
    """Whether the file, which may be missing, is machine code for macOS."""
    try:
        with path.open("rb") as file:
            return file.read(4) in _MAGIC
    except OSError:
        return False


def signing_command(paths: Iterable[str]) -> tuple[str, ...]:
    """Return the words that sign the files ``paths``."""
    return (PROGRAM, "--sign", "-", "--force", *paths)


def sign(steps: Sequence[Signing], root: str, lock: int) -> None:
    """Sign the programs of ``steps`` in the prefix ``root``.

    Args:
        steps: What to sign.
        root: The prefix.
        lock: Its open lock: held by the signing program too, should this process be killed.

    Raises:
        NotSigned: the system could not, or is not macOS.
    """
    paths = [f"{root}/{step.path}" for step in steps]
    for start in range(0, len(paths), _PATHS_AT_A_TIME):
        some = paths[start : start + _PATHS_AT_A_TIME]
        try:
            done = subprocess.run(
                signing_command(some),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                pass_fds=(lock,),
                timeout=_SECONDS,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise NotSigned(some, str(error)) from error
        if done.returncode:
            raise NotSigned(some, done.stderr.decode(errors="replace").strip() or "no word of why")


def with_digests(
    made: tuple[InstalledPath, ...], steps: Iterable[Signing], root: str
) -> tuple[InstalledPath, ...]:
    """Return ``made`` with the digests that the files of ``steps`` have after signing."""
    signed = {step.path for step in steps}
    return tuple(
        replace(path, sha256_in_prefix=_digest(f"{root}/{path.path}"))
        if path.path in signed
        else path
        for path in made
    )


def unsigned_text(steps: Sequence[Signing]) -> str:
    """Return what to say where the programs of ``steps`` cannot be signed."""
    first, others = steps[0], len(steps) - 1
    more = f" and {others} more" if others else ""
    command = " ".join(signing_command((first.path,)))
    return f"on macOS, sign {first.path} of {first.package}{more} before use: `{command}`"


def _digest(path: str) -> str:
    with Path(path).open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
