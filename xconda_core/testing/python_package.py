"""Make a conda ``python`` package, and those beside it, of a Python of this machine.

Layer: testing. The result relocates: it needs nothing of the place it came from, only glibc.
"""

import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from xconda_core.package_cache.package_writer import (
    PackageFile,
    PackageMetadata,
    build_hash,
    content_hash_input,
    files_under,
)
from xconda_core.testing import debian_python
from xconda_core.testing.elf import NoRoom, NotElf, read_dynamic
from xconda_core.testing.interpreter import Interpreter, InterpreterUnusable
from xconda_core.testing.relocation import (
    SYSTEM_PREFIXES,
    regular_files,
    relocate_libraries,
    relocate_texts,
)
from xconda_core.values import Slotted, dataclass

_GLIBC: Final = re.compile(
    r"(ld-linux.*|ld64|lib(c|m|mvec|dl|rt|util|pthread|resolv|anl|nss_\w+|thread_db"
    r"|BrokenLocale|c_malloc_debug|memusage|pcprofile))\.so(\.\d+)*"
)
_NO_FOLDERS: Final = frozenset(
    {"test", "tests", "idle_test", "site-packages", "dist-packages", "__pycache__", "lib-dynload"}
    | {"tkinter", "idlelib", "turtledemo"}  # Tcl's script library would not relocate
)
_NO_SUFFIXES: Final = frozenset({".a", ".o", ".so", ".pyc"})
_README: Final = b"Packages of this environment live here.\n"


@dataclass(frozen=True, slots=True)
class StagedPackage(Slotted):
    """A package whose files are ready to be written."""

    metadata: PackageMetadata
    files: tuple[PackageFile, ...]


def python_package(interpreter: Interpreter, stage: Path) -> StagedPackage:
    """Lay the ``python`` package out in the empty folder ``stage`` and describe it.

    Raises:
        InterpreterUnusable: a part cannot be made independent of its place.
    """
    try:
        program = _lay_out(interpreter, stage)
    except (NoRoom, NotElf, debian_python.UnknownPatch) as error:
        raise InterpreterUnusable(interpreter.executable, f"{error}.") from error
    _compile(program, interpreter, stage)
    _run_once(program, interpreter)
    files = tuple(files_under(stage))
    return StagedPackage(_python_metadata(interpreter, files), files)


def python_abi_package(interpreter: Interpreter) -> StagedPackage:
    """Return ``python_abi``: what compiled packages depend on to fit one Python version."""
    metadata = PackageMetadata(
        name="python_abi",
        version=interpreter.short_version,
        build=f"0_{interpreter.abi_tag}",
        noarch="generic",
        constrains=(f"python {interpreter.short_version}.* *_cpython",),
        license="BSD-3-Clause",
        about={"summary": "Metapackage that selects the Python ABI"},
    )
    return StagedPackage(metadata, ())


def gcc_runtime_package(interpreter: Interpreter) -> StagedPackage | None:
    """Return ``libstdcxx``: the compiler's libraries, which wheels take from the system."""
    contents = {path.resolve(): path.read_bytes() for path in interpreter.gcc_runtime}
    version = next(
        (path.name.partition(".so.")[2] for path in contents if path.name.startswith("libstdc++")),
        None,
    )
    if version is None:
        return None
    files = tuple(
        PackageFile(path=f"lib/{_soname(path, content)}", content=content)
        for path, content in sorted(contents.items())
    )
    hash_input = content_hash_input(files)
    metadata = PackageMetadata(
        name="libstdcxx",
        version=version,
        build=f"{build_hash(hash_input)}_0",
        subdir=interpreter.subdir,
        hash_input=hash_input,
        depends=(_glibc(interpreter),),
        license="GPL-3.0-only WITH GCC-exception-3.1",
        about={"summary": "The GNU C++ standard library and GCC's runtime library"},
    )
    return StagedPackage(metadata, files)


def _lay_out(interpreter: Interpreter, stage: Path) -> Path:
    program = _copy_programs(interpreter, stage)
    stdlib = stage / "lib" / f"python{interpreter.short_version}"
    _copy_stdlib(interpreter, stdlib)
    _copy_libraries(interpreter, stage / "lib")
    _copy_headers(interpreter, stage / "include" / f"python{interpreter.short_version}")
    _copy_pkg_config(interpreter, stage / "lib" / "pkgconfig")
    if debian_python.is_patched(stdlib):
        programs = (program, *(stage / "lib").glob("libpython*.so.*"))
        debian_python.restore_upstream(stdlib, programs)
    relocate_libraries(stage, program)
    relocate_texts(stage, interpreter.prefix, interpreter.multiarch)
    return program


def _copy_programs(interpreter: Interpreter, stage: Path) -> Path:
    name = f"python{interpreter.short_version}"
    folder = stage / "bin"
    folder.mkdir(parents=True)
    program = folder / name
    shutil.copyfile(interpreter.executable, program)
    program.chmod(0o755)
    (folder / "python").symlink_to(name)
    (folder / "python3").symlink_to(name)
    scripts = [f"pydoc{interpreter.short_version}"]
    if interpreter.prefix not in SYSTEM_PREFIXES:
        scripts.append(f"{name}-config")
    for script in scripts:
        source = interpreter.executable.with_name(script)
        if source.is_file():
            shutil.copy(source, folder / script)
    return program


def _copy_stdlib(interpreter: Interpreter, stdlib: Path) -> None:
    def left_out(folder: str, names: list[str]) -> set[str]:
        del folder
        return {
            name
            for name in names
            if name in _NO_FOLDERS
            or name in debian_python.LEFT_OUT
            or Path(name).suffix in _NO_SUFFIXES
        }

    shutil.copytree(interpreter.stdlib, stdlib, ignore=left_out)
    if not (stdlib / "ensurepip" / "_bundled").is_dir():
        shutil.rmtree(stdlib / "ensurepip", ignore_errors=True)  # Debian splits its wheels off
    if interpreter.prefix in SYSTEM_PREFIXES:
        for folder in stdlib.glob("config-*"):  # how /usr was built says nothing about a copy
            shutil.rmtree(folder)
    dynload = stdlib / "lib-dynload"
    dynload.mkdir()
    for name in interpreter.extensions:
        shutil.copy(interpreter.dynload / name, dynload / name)
    site_packages = stdlib / "site-packages"
    site_packages.mkdir()  # a Python that starts before the first package must have it on its path
    (site_packages / "README.txt").write_bytes(_README)


def _copy_libraries(interpreter: Interpreter, lib: Path) -> None:
    """Copy libpython and whatever the extension modules need that is not the C library's."""
    for path in interpreter.libraries:
        if path.parent == interpreter.dynload or _GLIBC.fullmatch(path.name):
            continue
        content = path.read_bytes()
        target = lib / _soname(path, content)
        target.write_bytes(content)
        target.chmod(0o755)
        if path.name.startswith("libpython"):
            (lib / f"libpython{interpreter.short_version}.so").symlink_to(target.name)


def _copy_headers(interpreter: Interpreter, include: Path) -> None:
    if not (interpreter.include / "Python.h").is_file():
        return
    for folder in ("", "cpython", "internal", "internal/mimalloc", "internal/mimalloc/mimalloc"):
        source, target = interpreter.include / folder, include / folder
        for header in source.glob("*.h"):
            target.mkdir(parents=True, exist_ok=True)
            shutil.copy(header, target)
    of_platform = (
        interpreter.prefix / "include" / interpreter.multiarch / include.name / "pyconfig.h"
    )
    if interpreter.multiarch and of_platform.is_file():
        shutil.copy(of_platform, include)  # Debian's other pyconfig.h only includes this one


def _copy_pkg_config(interpreter: Interpreter, folder: Path) -> None:
    if interpreter.prefix in SYSTEM_PREFIXES:
        return  # these tell where the system's own libraries are
    source = interpreter.prefix / "lib" / "pkgconfig"
    for path in source.glob(f"python-{interpreter.short_version}*.pc"):
        folder.mkdir(exist_ok=True)
        shutil.copy(path, folder)


def _compile(program: Path, interpreter: Interpreter, stage: Path) -> None:
    """Compile the standard library, so that no environment has to.

    The byte code is marked as never to be checked against its source (PEP 552): it holds for any
    file time, and is the same each time. Modules that carry the placeholder change when they are
    installed, so they go without.
    """
    stdlib = stage / "lib" / f"python{interpreter.short_version}"
    compile_tree(program, stage, stdlib)
    for path in regular_files(stdlib):
        if path.name.startswith("_sysconfigdata") and path.suffix == ".pyc":
            path.unlink()


def compile_tree(program: Path, root: Path, folder: Path) -> None:
    """Compile every module under ``folder`` with ``program``; names inside start at ``root``.

    One process and a fixed hash seed: byte code depends on the order of sets, and on which
    strings the process has met before. Nor may it write byte code of what it imports itself.
    """
    command = [str(program), "-B", "-s", "-S", "-m", "compileall", "-q", "-j", "1"]
    command += ["--invalidation-mode", "unchecked-hash", "-s", str(root), str(folder)]
    # Wheels may hold sources for other Python versions: what does not compile stays a source.
    subprocess.run(command, capture_output=True, check=False, env={"PYTHONHASHSEED": "0"})


def _run_once(program: Path, interpreter: Interpreter) -> None:
    """See that the copy runs from where it is, and looks for packages there and nowhere else.

    Raises:
        InterpreterUnusable: it does not.
    """
    stage = program.parents[1]
    source = "import sys, ctypes, ssl, sqlite3, zlib; sys.stdout.write('\\n'.join(sys.path))"
    command = [str(program), "-I", "-B", "-c", source]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    if answer.returncode:
        said = answer.stderr.strip().splitlines()[-1:] or ["it says nothing"]
        raise InterpreterUnusable(interpreter.executable, f"a copy of it fails: {said[0]}.")
    folders = [Path(folder) for folder in answer.stdout.splitlines()]
    foreign = [folder for folder in folders if not folder.is_relative_to(stage)]
    if foreign or stage / interpreter.site_packages not in folders:
        strange = str(foreign[0]) if foreign else "a folder that is not site-packages"
        raise InterpreterUnusable(
            interpreter.executable, f"a copy of it looks for packages in {strange}."
        )


def _python_metadata(interpreter: Interpreter, files: Sequence[PackageFile]) -> PackageMetadata:
    text = interpreter.stdlib / "LICENSE.txt"
    hash_input = content_hash_input(files)
    modified = interpreter.executable.stat().st_mtime
    return PackageMetadata(
        name="python",
        version=interpreter.version,
        build=f"{build_hash(hash_input)}_0_cpython",
        subdir=interpreter.subdir,
        depends=(_glibc(interpreter),),
        constrains=(f"python_abi {interpreter.short_version}.* *_{interpreter.abi_tag}",),
        license="Python-2.0",
        license_family="PSF",
        timestamp=int(modified) * 1000,
        python_site_packages_path=interpreter.site_packages,
        about={
            "home": "https://www.python.org/",
            "summary": "General purpose programming language",
            "description": f"Repackaged from {interpreter.executable} of one machine.",
        },
        licenses={"LICENSE.txt": text.read_bytes()} if text.is_file() else {},
        hash_input=hash_input,
    )


def _glibc(interpreter: Interpreter) -> str:
    return f"__glibc >={interpreter.glibc},<3.0.a0"


def _soname(path: Path, content: bytes) -> str:
    return read_dynamic(content).soname or path.name
