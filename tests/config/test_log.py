"""Log messages: how many are shown, where they are kept, and what is never in them."""

import io
import logging
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xconda_core.config.log import LOG_FILE, TRACE, logging_into, logging_to
from xconda_core.config.redaction import redacted

LOGGER = logging.getLogger("xconda_core.test")


def say_everything() -> None:
    for level in (logging.ERROR, logging.WARNING, logging.INFO, logging.DEBUG, TRACE):
        LOGGER.log(level, "level %s", level)
    logging.getLogger("somebody.elses").debug("foreign")


@pytest.mark.parametrize(("verbosity", "shown"), [(0, 1), (1, 2), (2, 3), (3, 4), (4, 6), (9, 6)])
def test_each_v_shows_one_level_more(verbosity: int, shown: int) -> None:
    stream = io.StringIO()
    with logging_to(stream, verbosity):
        say_everything()
    assert len(stream.getvalue().splitlines()) == shown


def test_a_program_around_us_says_our_messages_in_its_own_log_until_it_ends() -> None:
    stream, around = io.StringIO(), logging.Logger("around", logging.INFO)
    around.addHandler(logging.StreamHandler(stream))

    with logging_into(around):
        LOGGER.info("asked https://me:hunter2@example.com")
        LOGGER.debug("too much")
    LOGGER.warning("too late")

    assert stream.getvalue() == "xconda_core.test: asked https://<hidden>@example.com\n"


def test_the_last_operation_is_kept_in_a_file_whatever_is_shown(tmp_path: Path) -> None:
    for word in ("first", "second"):
        with logging_to(None, 0, tmp_path / "new"):
            LOGGER.debug("the %s operation", word)
    kept = (tmp_path / "new" / LOG_FILE).read_text()
    assert "the second operation" in kept
    assert "first" not in kept


def test_a_folder_that_cannot_be_written_keeps_nobody_from_working() -> None:
    with logging_to(None, 4, Path("/proc/none")):
        LOGGER.error("nobody hears this")
    assert not Path("/proc/none").exists()


def test_a_disk_that_fills_up_keeps_nobody_from_working(tmp_path: Path) -> None:
    program = f"""
import logging, pathlib, resource, signal
from xconda_core.config.log import logging_to
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
with logging_to(None, 0, pathlib.Path({str(tmp_path)!r})):
    for number in range(100):
        logging.getLogger("xconda_core").debug("line %d", number)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "line 1\n" in (tmp_path / LOG_FILE).read_text()


def test_nothing_is_left_behind_when_the_block_ends() -> None:
    logger = logging.getLogger("xconda_core")
    before = (logger.level, list(logger.handlers))
    with logging_to(io.StringIO(), 3):
        pass
    assert (logger.level, logger.handlers) == before


def test_credentials_are_hidden_in_arguments_and_tracebacks(tmp_path: Path) -> None:
    stream = io.StringIO()
    with logging_to(stream, 1, tmp_path):
        try:
            raise OSError("cannot open https://me:geheim@host/t/tk-77/main")
        except OSError:
            LOGGER.exception("headers %r", {"Authorization": "Bearer geheim"})
    for text in (stream.getvalue(), (tmp_path / LOG_FILE).read_text()):
        assert "Traceback" in text
        assert "geheim" not in text
        assert "tk-77" not in text


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("https://u:p@ss@host/x", "https://<hidden>@host/x"),
        ("https://host/t/tk-1-a/main/noarch", "https://host/t/<hidden>/main/noarch"),
        ("Authorization: Basic dTpw", "Authorization: Basic <hidden>"),
        ("Authorization: abc", "Authorization: <hidden>"),
        ("{'proxy-authorization': b'Basic dTpw'}", "{'proxy-authorization': b'Basic <hidden>'}"),
        ("https://h/x?token=abc&y=1", "https://h/x?token=<hidden>&y=1"),
        ("https://h/x?X-Amz-Signature=ff", "https://h/x?X-Amz-Signature=<hidden>"),
        ("CONDA_TOKEN=abc", "CONDA_TOKEN=<hidden>"),
        ("Set-Cookie: session=1; path=/", "Set-Cookie: <hidden> path=/"),
        ("-c me:p@ss:w@host:80/c", "-c <hidden>@host:80/c"),
        ("{'x': 'me:pw@[::1]/c'}", "{'x': '<hidden>@[::1]/c'}"),
        (
            "git@host:me/it.git at C:\\me@home, pkg:conda/a@1",
            "git@host:me/it.git at C:\\me@home, pkg:conda/a@1",
        ),
        ("numpy from https://host/conda-forge", "numpy from https://host/conda-forge"),
    ],
)
def test_a_credential_is_hidden_and_the_rest_stays(text: str, after: str) -> None:
    assert redacted(text) == after


secrets = st.text("abcXYZ019!$*()_+@:.~-", min_size=8, max_size=30)


@given(secrets)
def test_no_password_of_any_shape_survives(secret: str) -> None:
    assert secret not in redacted(f"GET https://user:{secret}@host.example/path failed")


@given(st.text(max_size=300))
def test_hiding_twice_is_hiding_once(text: str) -> None:
    assert redacted(redacted(text)) == redacted(text)
