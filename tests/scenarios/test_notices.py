"""What channels have to say (CEP 6): told after a command's own words, once, breaking nothing."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xconda_core.cli.notebook_wish import PROTOCOL
from xconda_core.engine.notices import ToldNotices, in_force, not_yet_told
from xconda_core.models.channel_notice import ChannelNotice, notices_of
from xconda_core.testing.channel_server import ChannelServer, serve
from xconda_core.testing.simulator import a_channel, a_package

FUTURE, PAST = "2999-01-01T00:00:00+00:00", "2001-01-01T00:00:00+00:00"


class Desk:
    """A user with one channel that has something to say."""

    def __init__(self, home: Path, server: ChannelServer) -> None:
        self.home, self.server = home, server

    def says(self, *notices: dict[str, Any]) -> None:
        document = json.dumps({"notices": list(notices)})
        (self.home / "channel" / "notices.json").write_text(document)

    def xconda(self, *words: str) -> "subprocess.CompletedProcess[str]":
        kept = {name: text for name, text in os.environ.items() if not name.startswith("CONDA")}
        return subprocess.run(
            [sys.executable, "-m", "xconda_core", *words],
            env={**kept, "HOME": str(self.home), "CONDA_CHANNELS": self.server.url},
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def asked(self) -> int:
        return sum(path.endswith("notices.json") for path in self.server.paths())


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    a_channel(tmp_path / "channel", [a_package("tool"), a_package("other")])
    with serve(tmp_path / "channel") as server:
        yield Desk(tmp_path, server)


def test_an_unread_notice_follows_the_commands_own_words_and_is_told_once(desk: Desk) -> None:
    desk.says({"id": "1", "message": "Thank you\nfor flying", "level": "warning"})
    first = desk.xconda("create", "-y", "-n", "e", "tool")
    assert first.returncode == 0, first.stderr
    assert first.stdout.index("tool") < first.stdout.index("[warning]")
    assert "  Thank you\n  for flying\n" in first.stdout
    second = desk.xconda("install", "-y", "-n", "e", "other")
    assert "Thank you" not in second.stdout
    assert desk.asked == 1


@pytest.mark.parametrize("word", ["--json", "--quiet"])
def test_documents_and_quiet_commands_are_not_disturbed(desk: Desk, word: str) -> None:
    desk.says({"id": "1", "message": "Thank you"})
    done = desk.xconda("create", "-y", "-n", "e", "tool", word)
    assert "Thank you" not in done.stdout + done.stderr
    assert desk.asked == 0


def test_offline_nobody_is_asked_and_nothing_told(desk: Desk) -> None:
    desk.says({"id": "1", "message": "Thank you"})
    desk.xconda("create", "-y", "-n", "first", "tool", "--quiet")
    offline = desk.xconda("create", "-y", "-n", "e", "tool", "--offline")
    assert (offline.returncode, desk.asked) == (0, 0)
    assert "Thank you" not in offline.stdout + offline.stderr
    assert "Thank you" in desk.xconda("create", "-y", "-n", "f", "tool").stdout


def test_channels_are_asked_once_a_day(desk: Desk) -> None:
    desk.xconda("create", "-y", "-n", "e", "tool")
    desk.says({"id": "1", "message": "Thank you"})
    kept = next((desk.home / ".local" / "state").rglob("notices.json"))
    told = []
    for hours in (23, 25):
        document = json.loads(kept.read_text()) | {"asked": time.time() - hours * 3600}
        kept.write_text(json.dumps(document))
        told.append("Thank you" in desk.xconda("create", "-y", "-n", f"e{hours}", "tool").stdout)
    assert told == [False, True]


def test_notices_can_be_asked_for_again_and_as_a_document(desk: Desk) -> None:
    desk.says({"id": "1", "message": "Thank you", "created_at": "2026-05-10T11:50:34+00:00"})
    for _ in range(2):
        assert "[info] 2026-05-10" in desk.xconda("notices").stdout
    (notice,) = json.loads(desk.xconda("notices", "--json").stdout)
    assert (notice["id"], notice["message"], notice["level"]) == ("1", "Thank you", "info")
    assert notice["channel_name"] == desk.server.url


@pytest.mark.parametrize("text", ["{", "[]", '{"notices": 3}', "[" * 100_000, '{"notices": [1]}'])
def test_a_broken_notice_breaks_no_command(desk: Desk, text: str) -> None:
    (desk.home / "channel" / "notices.json").write_text(text)
    done = desk.xconda("create", "-y", "-n", "e", "tool")
    assert done.returncode == 0
    assert "Done: 1 package installed" in done.stderr
    assert "Notices of" not in done.stdout + done.stderr


def test_a_channel_without_notices_has_nothing_to_say(desk: Desk) -> None:
    assert desk.xconda("notices").stdout == "The channels have nothing to say.\n"


def test_a_strangers_message_cannot_steer_the_terminal_or_fill_it() -> None:
    entry = {"message": "\x1b[2Jred\x07 " + "x" * 5000}
    (notice,) = notices_of({"notices": [entry]}, "c")
    assert notice.message.startswith("[2Jred x")
    assert len(notice.message) < 2100


def test_what_has_expired_is_not_told_and_what_is_grave_comes_first() -> None:
    document = {
        "notices": [
            {"id": "old", "message": "x", "expired_at": PAST},
            {"id": "low", "message": "x", "expires_at": FUTURE},
            {"id": "high", "message": "x", "level": "critical"},
        ]
    }
    told = in_force(tuple(notices_of(document, "c")), time.time())
    assert [each.id for each in told] == ["high", "low"]


def a_notice(name: str, interval: float | None) -> ChannelNotice:
    return ChannelNotice(
        id=name,
        channel="c",
        message="m",
        level="info",
        created=None,
        expires=None,
        interval=interval,
    )


@given(st.floats(0, 1e9), st.one_of(st.none(), st.floats(1, 1e6)), st.floats(0, 1e9))
def test_a_notice_comes_again_only_after_its_interval(
    at: float, interval: float | None, later: float
) -> None:
    notice = a_notice("1", interval)
    again = not_yet_told((notice,), {"c 1": at}, at + later)
    assert bool(again) is (interval is not None and at + later - at >= interval)


def test_a_damaged_or_newer_record_of_what_was_told_counts_as_none(tmp_path: Path) -> None:
    for text in ("{", "[]", '{"format": 2, "asked": 1, "told": {}}', '{"format": 1}'):
        (tmp_path / "notices.json").write_text(text)
        told = ToldNotices(tmp_path)
        assert (told.asked, told.told) == (0.0, {})


def install_in_cell(desk: Desk, name: str, *, tells_news: bool) -> list[str]:
    """Return what a cell is told while ``name`` is installed."""
    wish = {
        "protocol": PROTOCOL,
        "verb": "install",
        "name": "e",
        "specs": [name],
        "confirm": "yes",
        "tells_news": tells_news,
    }
    kept = {name: text for name, text in os.environ.items() if not name.startswith("CONDA")}
    done = subprocess.run(
        [sys.executable, "-P", "-m", "xconda_core.worker"],
        input=json.dumps(wish) + "\n",
        env={**kept, "HOME": str(desk.home), "CONDA_CHANNELS": desk.server.url},
        capture_output=True,
        text=True,
        check=True,
    )
    job = Path(json.loads(done.stdout.splitlines()[0])["folder"])
    lines = [json.loads(line)["event"] for line in (job / "events.jsonl").open()]
    assert json.loads((job / "result.json").read_text())["outcome"] == "succeeded"
    return [str(line["text"]) for line in lines if line["event"] == "Noticed"]


def test_a_cell_that_somebody_reads_is_told_what_channels_say(desk: Desk) -> None:
    desk.xconda("create", "-y", "-n", "e", "--offline")
    desk.says({"id": "1", "message": "Thank you\nfor flying", "level": "warning"})

    assert install_in_cell(desk, "tool", tells_news=False) == []
    assert desk.asked == 0
    [told] = install_in_cell(desk, "other", tells_news=True)
    assert told.splitlines()[1:] == ["  [warning]", "  Thank you", "  for flying"]
