"""A search path that is written into an ELF file is the one that the dynamic loader follows."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xconda_core.testing.compiled_package import find_compiler
from xconda_core.testing.elf import (
    NotElf,
    is_elf,
    read_dynamic,
    with_inherited_paths,
    with_rpath,
)

SHELL = Path("/bin/sh").resolve()

needs_compiler = pytest.mark.skipif(find_compiler() is None, reason="no C compiler")


def test_a_program_without_a_search_path_gets_one_and_keeps_its_length(tmp_path: Path) -> None:
    before = SHELL.read_bytes()

    after = with_rpath(before, "$ORIGIN/../lib")

    assert read_dynamic(before).rpath is None
    assert read_dynamic(after).rpath == "$ORIGIN/../lib"
    assert read_dynamic(after).needed == read_dynamic(before).needed
    assert len(after) == len(before)


def test_a_program_that_got_a_search_path_still_runs(tmp_path: Path) -> None:
    program = tmp_path / "sh"
    program.write_bytes(with_rpath(SHELL.read_bytes(), "$ORIGIN/../lib"))
    program.chmod(0o755)

    assert subprocess.run([program, "-c", "exit 7"], check=False).returncode == 7


def test_a_search_path_that_is_there_is_replaced() -> None:
    once = with_rpath(SHELL.read_bytes(), "$ORIGIN/../../lib/somewhere")

    twice = with_rpath(once, "$ORIGIN")

    assert read_dynamic(twice).rpath == "$ORIGIN"
    assert b"somewhere" not in twice


@needs_compiler
@pytest.mark.parametrize(
    "flags",
    [
        (),
        ("-Wl,-rpath,/somewhere/quite/far/away",),
        ("-Wl,--enable-new-dtags,-rpath,/s",),
        ("-Wl,--disable-new-dtags,-rpath,/somewhere/quite/far/away",),
    ],
    ids=["none", "long", "short", "inherited"],
)
def test_the_loader_finds_a_library_of_a_library_through_the_programs_path(
    tmp_path: Path, flags: tuple[str, ...]
) -> None:
    program = linked_program(tmp_path, flags)
    assert subprocess.run([program], check=False, capture_output=True).returncode == 127

    program.write_bytes(with_rpath(program.read_bytes(), "$ORIGIN/../lib"))

    assert subprocess.run([program], check=False).returncode == 42
    assert read_dynamic(program.read_bytes()).runpath is None


@needs_compiler
def test_a_library_with_a_path_of_its_own_still_inherits(tmp_path: Path) -> None:
    program = linked_program(tmp_path, (), "-Wl,--enable-new-dtags,-rpath,/elsewhere")
    program.write_bytes(with_rpath(program.read_bytes(), "$ORIGIN/../lib"))
    outer = tmp_path / "lib" / "libouter.so"
    assert subprocess.run([program], check=False, capture_output=True).returncode == 127

    outer.write_bytes(with_inherited_paths(outer.read_bytes()))

    assert subprocess.run([program], check=False).returncode == 42


def linked_program(folder: Path, flags: tuple[str, ...], outer_flag: str = "-O1") -> Path:
    """Build bin/program -> lib/libouter.so -> lib/libinner.so, which answers 42."""
    compiler = find_compiler()
    assert compiler is not None
    (folder / "lib").mkdir()
    (folder / "bin").mkdir()
    inner, outer = folder / "lib" / "libinner.so", folder / "lib" / "libouter.so"
    program = folder / "bin" / "program"
    search = f"-Wl,-rpath-link,{folder / 'lib'}"
    for source, target, arguments in (
        ("int inner(void) { return 42; }", inner, ("-shared", "-fPIC", "-Wl,-soname,libinner.so")),
        (
            "int inner(void); int outer(void) { return inner(); }",
            outer,
            ("-shared", "-fPIC", "-Wl,-soname,libouter.so", str(inner), outer_flag),
        ),
        ("int outer(void); int main(void) { return outer(); }", program, (str(outer), *flags)),
    ):
        command = [compiler, "-x", "c", "-", "-x", "none", *arguments, search, "-o", str(target)]
        subprocess.run(command, input=source, text=True, check=True)
    return program


def test_the_running_interpreter_names_the_c_library() -> None:
    dynamic = read_dynamic(Path(sys.executable).resolve().read_bytes())

    assert any(name.startswith("libc.so") for name in dynamic.needed)


@pytest.mark.parametrize("content", [b"", b"\x7fELF", b"#!/bin/sh\n", b"\x7fELF\x01\x01" * 20])
def test_other_files_are_refused(content: bytes) -> None:
    assert not is_elf(content)
    with pytest.raises(NotElf):
        read_dynamic(content)


@given(cut=st.integers(64, 100_000), at=st.integers(0, 2_000), byte=st.integers(0, 255))
def test_a_damaged_file_is_refused_or_read_but_never_a_crash(cut: int, at: int, byte: int) -> None:
    content = bytearray(SHELL.read_bytes()[:cut])
    content[min(at, len(content) - 1)] = byte

    try:
        names = read_dynamic(bytes(content)).needed
    except NotElf:
        names = ()

    assert all(isinstance(name, str) for name in names)


@pytest.mark.skipif(shutil.which("readelf") is None, reason="no readelf")
def test_readelf_agrees() -> None:
    listing = subprocess.run(
        ["readelf", "-dW", str(SHELL)], capture_output=True, text=True, check=True
    ).stdout
    needed = [line.split("[")[1].rstrip("]") for line in listing.splitlines() if "(NEEDED)" in line]

    assert list(read_dynamic(SHELL.read_bytes()).needed) == needed
