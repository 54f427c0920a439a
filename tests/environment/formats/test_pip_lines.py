"""Paths in lines for pip count from the folder of their file."""

import pytest

from xconda_core.environment.formats.pip_lines import anchored


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("-e .", "-e /f"),
        ("-e ./lib[dev]", "-e /f/lib[dev]"),
        ("-e lib", "-e /f/lib"),
        ("--editable=../lib", "--editable /lib"),
        ("-r more.txt", "-r /f/more.txt"),
        ("-rmore.txt", "-r /f/more.txt"),
        ("--requirement more.txt", "--requirement /f/more.txt"),
        ("-c limits.txt", "-c /f/limits.txt"),
        ("-f wheels", "-f /f/wheels"),
        (".", "/f"),
        (".[dev]", "/f[dev]"),
        ("./x-1.0-py3-none-any.whl", "/f/x-1.0-py3-none-any.whl"),
        ("x-1.0-py3-none-any.whl", "/f/x-1.0-py3-none-any.whl"),
        ("wheels/x-1.0-py3-none-any.whl[all]", "/f/wheels/x-1.0-py3-none-any.whl[all]"),
        ("x-1.0.tar.gz", "/f/x-1.0.tar.gz"),
        ("sub/project", "/f/sub/project"),
    ],
)
def test_a_relative_path_counts_from_the_folder_of_the_file(line: str, expected: str) -> None:
    assert anchored(line, "/f") == expected


@pytest.mark.parametrize(
    "line",
    [
        "numpy",
        "numpy>=1.0,<2; python_version < '3.12'",
        "requests[socks]==2.0",
        "-e git+https://example.com/x/y.git@main#egg=y",
        "https://example.com/x-1.0-py3-none-any.whl",
        "x @ https://example.com/x-1.0.zip",
        "x @ file:///somewhere/x",
        "-r https://example.com/more.txt",
        "-e /somewhere/lib",
        "/somewhere/x.whl",
        "--index-url https://example.com/simple",
        "--no-deps",
        "zope.interface",
    ],
)
def test_everything_else_stays_as_it_is(line: str) -> None:
    assert anchored(line, "/f") == line


def test_a_folder_with_a_blank_is_quoted_where_pip_reads_words_as_a_shell_does() -> None:
    assert anchored("-r more.txt", "/my files") == '-r "/my files/more.txt"'
    assert anchored("./x.whl", "/my files") == "/my files/x.whl"
    assert anchored("-r /somewhere/more.txt", "/my files") == "-r /somewhere/more.txt"
