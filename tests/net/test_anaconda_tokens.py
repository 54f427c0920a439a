"""Tokens that `anaconda login` stored go to the server they are for, and nowhere else."""

from pathlib import Path
from urllib.parse import quote_plus

import pytest

from xconda_core.net.anaconda_tokens import read_tokens, token_folder, token_for

HOME = Path("/home/me")


def store(folder: Path, address: str, token: str) -> None:
    (folder / f"{quote_plus(address)}.token").write_text(token)


def test_a_login_holds_for_the_channels_of_the_same_service(tmp_path: Path) -> None:
    store(tmp_path, "https://api.anaconda.org", "abc\n")
    tokens = read_tokens(tmp_path)
    assert token_for("https://conda.anaconda.org/me", tokens) == "abc"
    assert token_for("https://api.anaconda.org", tokens) == "abc"


@pytest.mark.parametrize(
    "url",
    [
        "https://conda.anaconda.org.evil.example/me",
        "https://conda.anaconda.orgs",
        "http://conda.anaconda.org/me",
        "https://elsewhere.example/conda.anaconda.org",
    ],
)
def test_no_other_address_gets_the_token(tmp_path: Path, url: str) -> None:
    store(tmp_path, "https://conda.anaconda.org", "abc")
    assert token_for(url, read_tokens(tmp_path)) is None


def test_the_nearest_server_decides(tmp_path: Path) -> None:
    store(tmp_path, "https://repo.example", "outer")
    store(tmp_path, "https://repo.example/inner", "inner")
    tokens = read_tokens(tmp_path)
    assert token_for("https://repo.example/inner/channel", tokens) == "inner"
    assert token_for("https://repo.example/other", tokens) == "outer"


def test_what_is_no_token_or_cannot_be_read_is_passed_over(tmp_path: Path) -> None:
    store(tmp_path, "https://a.example", "two words")
    store(tmp_path, "https://b.example", "")
    store(tmp_path, "https://c.example", "a/../b")
    (tmp_path / "d.token").write_bytes(b"\xff\xfe")
    (tmp_path / "folder.token").mkdir()
    assert read_tokens(tmp_path) == {}
    assert read_tokens(tmp_path / "absent") == {}


@pytest.mark.parametrize(
    ("environ", "platform", "folder"),
    [
        ({"BINSTAR_CONFIG_DIR": "/b"}, "linux", "/b/data"),
        ({}, "linux", "/home/me/.config/binstar"),
        ({"XDG_CONFIG_HOME": "/x"}, "linux", "/x/binstar"),
        ({}, "darwin", "/home/me/Library/Application Support/binstar"),
        ({"LOCALAPPDATA": "/l"}, "win32", "/l/ContinuumIO/binstar"),
    ],
)
def test_the_folder_is_that_of_anaconda_client(
    environ: dict[str, str], platform: str, folder: str
) -> None:
    assert token_folder(environ, HOME, platform) == Path(folder)
