"""What the Python that is to be packaged consists of. Layer: testing."""

import json
import subprocess
from pathlib import Path
from typing import Final

from xconda_core.errors import XcondaError
from xconda_core.models.platform import subdir_of
from xconda_core.values import Slotted, dataclass

_PROBE: Final = Path(__file__).with_name("interpreter_probe.py")
_SECONDS: Final = 60


class InterpreterUnusable(XcondaError):
    """A Python cannot be made into a package.

    Attributes:
        executable: The interpreter that was asked for.
    """

    code = "interpreter-unusable"

    def __init__(self, executable: Path, why: str) -> None:
        super().__init__(executable, why)
        self.executable = executable
        self.what = f"{executable} was not made into a conda package."
        self.why = why
        self.fix = "name a CPython 3.11 or later of this machine: `--python /path/to/python3`."


@dataclass(frozen=True, slots=True, kw_only=True)
class Interpreter(Slotted):
    """One CPython installation; paths are absolute and may lie anywhere.

    Attributes:
        executable: The program itself, links and virtual environments resolved.
        version: Full version, for example ``3.11.7``.
        prefix: Where the installation was configured to live.
        stdlib: Folder of the standard library.
        dynload: Folder of its extension modules.
        include: Folder of the headers; it may be missing.
        multiarch: Debian's name for the platform, for example ``x86_64-linux-gnu``, or nothing.
        machine: Processor as the kernel names it, for example ``x86_64``.
        subdir: conda's name for the platform.
        extensions: File names of the extension modules that load.
        libraries: Shared objects that the interpreter with all those extensions maps.
        gcc_runtime: The compiler's own libraries, where the machine has them.
        glibc: Version of the C library, for example ``2.36``.
    """

    executable: Path
    version: str
    prefix: Path
    stdlib: Path
    dynload: Path
    include: Path
    multiarch: str
    machine: str
    subdir: str
    extensions: tuple[str, ...]
    libraries: tuple[Path, ...]
    gcc_runtime: tuple[Path, ...]
    glibc: str

    @property
    def short_version(self) -> str:
        """Major and minor version, for example ``3.11``."""
        return ".".join(self.version.split(".")[:2])

    @property
    def next_version(self) -> str:
        """The first minor version behind this one, for example ``3.12``."""
        major, minor = self.short_version.split(".")
        return f"{major}.{int(minor) + 1}"

    @property
    def abi_tag(self) -> str:
        """The ABI as wheels and conda name it, for example ``cp311``."""
        return "cp" + self.short_version.replace(".", "")

    @property
    def site_packages(self) -> str:
        """Where packages go, relative to the prefix."""
        return f"lib/python{self.short_version}/site-packages"


def probe(executable: Path) -> Interpreter:
    """Run ``executable`` and return what it is made of.

    Raises:
        InterpreterUnusable: it does not run, is no CPython, or not on a Linux with glibc.
    """
    command = [str(executable), "-I", "-S", str(_PROBE)]
    try:
        answer = subprocess.run(
            command, capture_output=True, text=True, timeout=_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise InterpreterUnusable(executable, f"it does not run: {error}.") from error
    if answer.returncode != 0:
        last = (answer.stderr.strip().splitlines() or ["without a word"])[-1]
        raise InterpreterUnusable(executable, f"it failed when asked about itself: {last}.")
    return _interpreter(executable, json.loads(answer.stdout))


def _interpreter(asked: Path, facts: dict[str, object]) -> Interpreter:
    libc, _, glibc = str(facts["libc"]).partition(" ")
    if facts["implementation"] != "cpython":
        raise InterpreterUnusable(asked, f"it is {facts['implementation']}, not CPython.")
    if libc != "glibc":
        raise InterpreterUnusable(asked, "only Linux with glibc is supported.")
    if "t-" in str(facts["soabi"]) or "d-" in str(facts["soabi"]):
        raise InterpreterUnusable(asked, "it is a free-threaded or debug build.")
    paths = facts["paths"]
    assert isinstance(paths, dict)
    return Interpreter(
        executable=Path(str(facts["executable"])),
        version=str(facts["version"]),
        prefix=Path(str(facts["prefix"])),
        stdlib=Path(paths["stdlib"]),
        dynload=Path(paths["platstdlib"], "lib-dynload"),
        include=Path(paths["include"]),
        multiarch=str(facts["multiarch"]),
        machine=str(facts["machine"]),
        subdir=subdir_of("Linux", str(facts["machine"])),
        extensions=_texts(facts["extensions"]),
        libraries=tuple(map(Path, _texts(facts["libraries"]))),
        gcc_runtime=tuple(map(Path, _texts(facts["gcc_runtime"]))),
        glibc=glibc,
    )


def _texts(value: object) -> tuple[str, ...]:
    assert isinstance(value, list)
    return tuple(str(item) for item in value)
