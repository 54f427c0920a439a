"""A program and a library with the prefix compiled in, where there is a C compiler. Layer: testing.

They show what happens to a prefix inside a binary: ``xc-hello`` reads a file below the prefix that
it was built for, and says where its library believes to live.
"""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from xconda_core.package_cache.package_writer import (
    PLACEHOLDER,
    PackageMetadata,
    build_hash,
    content_hash_input,
    files_under,
)
from xconda_core.testing.python_package import StagedPackage
from xconda_core.values import Slotted, dataclass

VERSIONS: Final = ("1.0", "1.1", "2.0")

_LIBRARY: Final = """\
const char *xc_hello_prefix(void) { return PREFIX; }
const char *xc_hello_version(void) { return VERSION; }
"""
_PROGRAM: Final = """\
#include <stdio.h>
const char *xc_hello_prefix(void);
const char *xc_hello_version(void);
int main(void) {
    char greeting[64] = "";
    FILE *file = fopen(PREFIX "/share/xc-hello/greeting.txt", "r");
    if (file == NULL || fgets(greeting, sizeof greeting, file) == NULL) {
        fprintf(stderr, "no greeting below %s\\n", PREFIX);
        return 1;
    }
    fclose(file);
    printf("%s %s, library %s in %s\\n", greeting, VERSION, xc_hello_version(), xc_hello_prefix());
    return 0;
}
"""
_TRIAL: Final = "#include <stdio.h>\nint main(void) { return puts(VERSION) < 0; }\n"
_PKG_CONFIG: Final = """\
prefix={prefix}
libdir=${{prefix}}/lib

Name: libxc-hello
Description: Says where it lives
Version: {version}
Libs: -L${{libdir}} -lxc-hello
"""


class CompilerFailed(Exception):
    """The C compiler could not build the program; the message is what it said."""


@dataclass(frozen=True, slots=True)
class _Compiler(Slotted):
    path: str
    folder: Path

    def build(self, source: str, target: Path, version: str, *flags: str) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        file = self.folder / f"{target.name}.c"
        file.write_text(source, encoding="utf-8")
        command = [self.path, "-O1", "-s", f'-DPREFIX="{PLACEHOLDER}"', f'-DVERSION="{version}"']
        command += ["-Wl,--build-id=none", "-o", str(target), file.name, *flags]
        answer = subprocess.run(
            command, cwd=self.folder, capture_output=True, text=True, check=False
        )
        if answer.returncode != 0:
            raise CompilerFailed(answer.stderr.strip())


def find_compiler() -> str | None:
    """Return the path of a C compiler that can link a program, or None where there is none.

    Many a container has a compiler and no headers of the C library.
    """
    for path in filter(None, map(shutil.which, ("cc", "gcc", "clang"))):
        with TemporaryDirectory() as folder:
            try:
                _Compiler(path, Path(folder)).build(_TRIAL, Path(folder, "trial"), "0")
            except CompilerFailed:
                continue
        return path
    return None


def compiled_packages(compiler: str, subdir: str, stage: Path) -> Iterator[StagedPackage]:
    """Yield ``libxc-hello`` and ``xc-hello`` in each of ``VERSIONS``, built below ``stage``.

    Raises:
        CompilerFailed: the compiler does not build or link even these.
    """
    for version in VERSIONS:
        work = stage / version / "work"
        work.mkdir(parents=True)
        tool = _Compiler(compiler, work)
        library, program = stage / version / "library", stage / version / "program"
        soname = f"libxc-hello.so.{version.partition('.')[0]}"
        shared = library / "lib" / soname
        tool.build(_LIBRARY, shared, version, "-shared", "-fPIC", f"-Wl,-soname,{soname}")
        (library / "lib" / "libxc-hello.so").symlink_to(soname)
        pkg_config = library / "lib" / "pkgconfig" / "libxc-hello.pc"
        pkg_config.parent.mkdir()
        text = _PKG_CONFIG.format(prefix=PLACEHOLDER, version=version)
        pkg_config.write_text(text, encoding="utf-8")
        yield _staged("libxc-hello", version, subdir, library, ())
        run_path = "-Wl,-rpath,$ORIGIN/../lib"
        tool.build(_PROGRAM, program / "bin" / "xc-hello", version, str(shared), run_path)
        greeting = program / "share" / "xc-hello" / "greeting.txt"
        greeting.parent.mkdir(parents=True)
        greeting.write_text("hello", encoding="utf-8")
        following = int(version.partition(".")[0]) + 1
        needs = f"libxc-hello >={version},<{following}.0a0"
        yield _staged("xc-hello", version, subdir, program, (needs,))


def _staged(
    name: str, version: str, subdir: str, folder: Path, depends: tuple[str, ...]
) -> StagedPackage:
    files = tuple(files_under(folder))
    hash_input = content_hash_input(files)
    metadata = PackageMetadata(
        name=name,
        version=version,
        build=f"{build_hash(hash_input)}_0",
        subdir=subdir,
        depends=depends,
        license="BSD-3-Clause",
        about={"summary": "Says hello from the prefix that is compiled into it"},
        hash_input=hash_input,
    )
    return StagedPackage(metadata, files)
