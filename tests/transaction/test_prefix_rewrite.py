"""Placeholders become the prefix, in texts, programs and first lines."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xconda_core.transaction.prefix_rewrite import PrefixTooLong, replace_prefix

OLD = "/opt/placeholder_placeholder"


def text(content: str, prefix: str = "/e", subdir: str = "linux-64") -> str:
    return replace_prefix(content.encode(), "text", OLD, prefix, subdir).decode()


def test_every_placeholder_of_a_text_is_replaced_and_line_ends_stay() -> None:
    assert text(f"a={OLD}/x\r\nb={OLD}:{OLD}\n") == "a=/e/x\r\nb=/e:/e\n"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_wide_characters_are_replaced_in_texts_and_programs(encoding: str) -> None:
    content, wanted = f"<{OLD}/x\0>".encode(encoding), "</e/x\0>".encode(encoding)

    assert replace_prefix(content, "text", OLD, "/e", "linux-64") == wanted
    program = replace_prefix(content, "binary", OLD, "/e", "linux-64")
    assert len(program) == len(content)
    assert program.startswith("</e/x\0".encode(encoding))
    assert program.endswith("\0>".encode(encoding))


@pytest.mark.parametrize(
    ("line", "prefix", "wanted"),
    [
        (f"#!{OLD}/bin/python -u", "/e", "#!/e/bin/python -u"),
        (f"#! {OLD}/bin/perl", "/a b", "#!/usr/bin/env perl"),
        (f"#!{OLD}/bin/python", "/" + "p" * 113, "#!/" + "p" * 113 + "/bin/python"),
        (f"#!{OLD}/bin/python", "/" + "p" * 115, "#!/usr/bin/env python"),
        ("#!/usr/bin/env python", "/a b", "#!/usr/bin/env python"),
        (f"{OLD}/bin/python", "/a b", "/a b/bin/python"),
    ],
)
def test_a_first_line_is_one_that_the_kernel_can_run(line: str, prefix: str, wanted: str) -> None:
    assert text(f"{line}\nrest {OLD}\n", prefix) == f"{wanted}\nrest {prefix}\n"


def test_a_first_line_for_no_platform_in_particular_is_one_that_linux_can_run() -> None:
    long = "/" + "p" * 115
    assert text(f"#!{OLD}/bin/python\n", long, "noarch") == "#!/usr/bin/env python\n"
    assert text(f"#!{OLD}/bin/python\n", long, "osx-64") == f"#!{long}/bin/python\n"


def test_windows_texts_get_forward_slashes_and_its_programs_stay() -> None:
    assert text(OLD, "C:\\env", "win-64") == "C:/env"
    program = OLD.encode() + b"\0"
    assert replace_prefix(program, "binary", OLD, "C:\\e", "win-64") == program


def test_a_launcher_of_windows_starts_the_interpreter_that_is_there_and_keeps_its_archive() -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as entries:
        entries.writestr("__main__.py", f"print({OLD!r})")
    program = b"MZ" + OLD.encode() + b"\0"
    shipped = program + b"#!%s\\python.exe\r\n" % OLD.encode() + archive.getvalue()
    launcher = replace_prefix(shipped, "binary", OLD, "C:\\a longer place", "win-64")
    first_line = b"#!C:\\a longer place\\python.exe\r\n"
    assert launcher == program + first_line + archive.getvalue()
    with zipfile.ZipFile(io.BytesIO(launcher)) as entries:
        assert entries.read("__main__.py").decode() == f"print({OLD!r})"


@pytest.mark.parametrize("end", [b"PK\x05\x06", b"PK\x05\x06" + b"\xff" * 18])
def test_what_only_looks_like_a_launcher_stays(end: bytes) -> None:
    program = b"MZ#!" + OLD.encode() + end
    assert replace_prefix(program, "binary", OLD, "C:\\e", "win-64") == program


def test_a_program_without_room_says_how_much_it_has() -> None:
    with pytest.raises(PrefixTooLong) as raised:
        replace_prefix(OLD.encode() + b"\0", "binary", OLD, OLD + "x", "linux-64")

    assert raised.value.room == len(OLD)


pieces = st.lists(st.one_of(st.just(OLD.encode()), st.binary(max_size=12)), max_size=8)


@given(pieces=pieces, prefix=st.text("/ab", min_size=1, max_size=len(OLD)))
def test_a_program_keeps_its_length_and_everything_after_its_strings(
    pieces: list[bytes], prefix: str
) -> None:
    content = b"".join(pieces) + b"\0end"

    rewritten = replace_prefix(content, "binary", OLD, prefix, "linux-64")

    assert len(rewritten) == len(content)
    assert rewritten.endswith(b"\0end")
    if OLD not in prefix:
        assert OLD.encode() not in rewritten
    texts = [part for part in content.split(b"\0") if OLD.encode() in part]
    for part in texts:
        assert part.replace(OLD.encode(), prefix.encode()) in rewritten
