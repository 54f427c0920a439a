"""Downloads against a real server that cuts, corrupts and changes files."""

import errno
import gzip
import hashlib
import os
import resource
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from xconda_core.cancel import Cancelled, CancelToken
from xconda_core.files.failures import DiskFull, NotWritable
from xconda_core.net.connection import Connection
from xconda_core.net.download import download
from xconda_core.net.failures import DownloadDamaged, HttpRefused, NetworkFailed
from xconda_core.net.local import LocalFetcher
from xconda_core.net.schemes import SchemeFetcher
from xconda_core.net.session import RequestsFetcher

Server = Any  # the scripted server of conftest
CONTENT = os.urandom(600_000)
SHA256 = hashlib.sha256(CONTENT).hexdigest()
MD5 = hashlib.md5(CONTENT).hexdigest()


def fetch(url: str, destination: Path, **options: Any) -> list[tuple[int, int]]:
    seen: list[tuple[int, int]] = []
    values: dict[str, Any] = {
        "size": len(CONTENT),
        "sha256": SHA256,
        "md5": None,
        "report": lambda done, total: seen.append((done, total)),
        "cancel": CancelToken(),
    }
    web = RequestsFetcher(Connection(wait=lambda seconds: None))
    fetcher = SchemeFetcher(web, {"file": LocalFetcher()})
    download(fetcher, url, destination, **(values | options))
    return seen


def ranged(answers: Any, content: bytes = CONTENT, **extra: str) -> Any:
    """Return an answerer that knows ``Range`` and ``If-Range``, as a good mirror does."""

    def answer(asked: Any) -> Any:
        wanted = asked.headers.get("range", "")
        condition = asked.headers.get("if-range")
        if not wanted or (condition and condition != extra.get("ETag")):
            return answers(body=content, headers=extra)
        start = int(wanted.removeprefix("bytes=").rstrip("-"))
        if start >= len(content):
            return answers(416, headers={"Content-Range": f"bytes */{len(content)}"})
        span = f"bytes {start}-{len(content) - 1}/{len(content)}"
        return answers(206, content[start:], {"Content-Range": span} | extra)

    return answer


def cut_first(answer: Any, after: int) -> Any:
    """Return an answerer whose first body breaks off."""
    first = [True]

    def cutting(asked: Any) -> Any:
        found = answer(asked)
        if first.pop() if first else False:
            found.cut_after = after
        return found

    return cutting


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_arrives_whole_and_progress_ends_at_its_size(
    server: Server, answers: Any, tmp_path: Path
) -> None:
    server.answer = lambda asked: answers(body=CONTENT)
    seen = fetch(f"{server.url}/a.conda", tmp_path / "a.conda")
    assert (tmp_path / "a.conda").read_bytes() == CONTENT
    assert left_in(tmp_path) == ["a.conda"]
    assert seen[0] == (0, len(CONTENT))
    assert seen[-1] == (len(CONTENT), len(CONTENT))


def test_a_digest_in_capitals_is_the_same_digest(
    server: Server, answers: Any, tmp_path: Path
) -> None:
    server.answer = lambda asked: answers(body=CONTENT)
    fetch(server.url, tmp_path / "a", sha256=SHA256.upper())
    assert (tmp_path / "a").exists()


@pytest.mark.parametrize(
    ("promise", "fact"),
    [
        ({"sha256": "0" * 64}, "sha256"),
        ({"sha256": None, "md5": "0" * 32}, "md5"),
        ({"size": len(CONTENT) + 1}, "size"),
        ({"size": len(CONTENT) - 1}, "size"),
    ],
)
def test_what_is_not_as_promised_is_refused_and_removed(
    server: Server, answers: Any, tmp_path: Path, promise: dict[str, Any], fact: str
) -> None:
    server.answer = lambda asked: answers(body=CONTENT)
    with pytest.raises(DownloadDamaged) as failure:
        fetch(f"{server.url}/a.conda", tmp_path / "a.conda", **promise)
    assert failure.value.fact == fact
    assert "a.conda was not kept: it arrived damaged." in str(failure.value)
    assert left_in(tmp_path) == []


def test_what_arrives_damaged_is_asked_for_once_more_without_a_mirror(
    server: Server, answers: Any, tmp_path: Path
) -> None:
    wrong = b"x" * len(CONTENT)
    asked_before: list[object] = []

    def first_wrong(asked: object) -> Any:
        asked_before.append(asked)
        return answers(body=wrong if len(asked_before) == 1 else CONTENT)

    server.answer = first_wrong
    fetch(f"{server.url}/a.conda", tmp_path / "a.conda")
    assert (tmp_path / "a.conda").read_bytes() == CONTENT
    assert len(asked_before) == 2


def test_what_arrives_damaged_twice_is_refused_and_not_asked_for_a_third_time(
    server: Server, answers: Any, tmp_path: Path
) -> None:
    asked_before: list[object] = []

    def wrong(asked: object) -> Any:
        asked_before.append(asked)
        return answers(body=b"x" * len(CONTENT))

    server.answer = wrong
    with pytest.raises(DownloadDamaged):
        fetch(f"{server.url}/a.conda", tmp_path / "a.conda")
    assert len(asked_before) == 2
    assert left_in(tmp_path) == []


def test_md5_decides_only_where_there_is_no_sha256(
    server: Server, answers: Any, tmp_path: Path
) -> None:
    server.answer = lambda asked: answers(body=CONTENT)
    fetch(server.url, tmp_path / "a", md5="0" * 32)
    fetch(server.url, tmp_path / "b", sha256=None, md5=MD5)
    assert left_in(tmp_path) == ["a", "b"]


def test_an_old_file_stays_until_the_new_one_is_verified(
    server: Server, answers: Any, tmp_path: Path
) -> None:
    (tmp_path / "a").write_bytes(b"old")
    server.answer = lambda asked: answers(body=b"wrong")
    with pytest.raises(DownloadDamaged):
        fetch(server.url, tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == b"old"


def test_a_transfer_that_breaks_off_goes_on_where_it_stopped(
    server: Server, answers: Any, tmp_path: Path
) -> None:
    server.answer = cut_first(ranged(answers, ETag='"1"'), after=250_000)
    fetch(server.url, tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == CONTENT
    assert server.asked[1].headers["range"].startswith("bytes=131072-")
    assert server.asked[1].headers["if-range"] == '"1"'


def test_a_transfer_starts_again_where_the_server_has_no_ranges(
    server: Server, answers: Any, tmp_path: Path
) -> None:
    server.answer = cut_first(lambda asked: answers(body=CONTENT), after=250_000)
    fetch(server.url, tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == CONTENT


def test_a_file_that_changed_in_between_is_fetched_from_its_start(
    server: Server, answers: Any, tmp_path: Path
) -> None:
    new, tags = CONTENT[::-1], ['"1"', '"2"']

    def answer(asked: Any) -> Any:
        if not server.asked[1:]:
            return answers(body=CONTENT, headers={"ETag": tags[0]}, cut_after=250_000)
        return ranged(answers, new, ETag=tags[1])(asked)

    server.answer = answer
    fetch(server.url, tmp_path / "a", sha256=hashlib.sha256(new).hexdigest())
    assert (tmp_path / "a").read_bytes() == new


def test_a_server_that_always_breaks_off_is_given_up(
    server: Server, answers: Any, tmp_path: Path
) -> None:
    server.answer = lambda asked: answers(body=CONTENT, cut_after=10)
    with pytest.raises(NetworkFailed):
        fetch(server.url, tmp_path / "a")
    assert len(server.asked) == 4


def test_what_an_earlier_process_left_is_used(server: Server, answers: Any, tmp_path: Path) -> None:
    (tmp_path / ".a.download").write_bytes(CONTENT[:400_000])
    server.answer = ranged(answers)
    seen = fetch(server.url, tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == CONTENT
    assert server.asked[0].headers["range"] == "bytes=400000-"
    assert seen[0] == (400_000, len(CONTENT))
    assert left_in(tmp_path) == ["a"]


def test_a_finished_part_needs_no_request(server: Server, tmp_path: Path) -> None:
    (tmp_path / ".a.download").write_bytes(CONTENT)
    fetch(server.url, tmp_path / "a")
    assert server.asked == []
    assert (tmp_path / "a").read_bytes() == CONTENT


@pytest.mark.parametrize("left", [b"x" * 1000, b"x" * 700_000, b"x" * 600_000])
def test_wrong_bytes_left_by_an_earlier_process_cost_one_more_try(
    server: Server, answers: Any, tmp_path: Path, left: bytes
) -> None:
    (tmp_path / ".a.download").write_bytes(left)
    server.answer = ranged(answers)
    fetch(server.url, tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == CONTENT


def test_without_a_digest_nothing_of_an_earlier_process_is_used(
    server: Server, answers: Any, tmp_path: Path
) -> None:
    (tmp_path / ".a.download").write_bytes(CONTENT[:400_000])
    server.answer = ranged(answers)
    fetch(server.url, tmp_path / "a", sha256=None)
    assert "range" not in server.asked[0].headers
    assert (tmp_path / "a").read_bytes() == CONTENT


def test_a_compressed_transfer_is_measured_by_the_file_not_by_the_transfer(
    server: Server, answers: Any, tmp_path: Path
) -> None:
    content = b"compressible " * 10_000
    server.answer = lambda asked: answers(
        body=gzip.compress(content), headers={"Content-Encoding": "gzip"}
    )
    seen = fetch(
        server.url,
        tmp_path / "a",
        size=None,
        sha256=hashlib.sha256(content).hexdigest(),
    )
    assert server.asked[0].headers["accept-encoding"] == "identity"
    assert (tmp_path / "a").read_bytes() == content
    assert seen[-1] == (len(content), len(content))


def test_a_part_of_a_compressed_transfer_is_not_glued_to_the_file(
    server: Server, answers: Any, tmp_path: Path
) -> None:
    (tmp_path / ".a.download").write_bytes(CONTENT[:400_000])
    server.answer = ranged(answers, CONTENT, **{"Content-Encoding": "br-unknown"})
    fetch(server.url, tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == CONTENT


def test_more_than_promised_is_not_read_to_its_end(
    server: Server, answers: Any, tmp_path: Path
) -> None:
    server.answer = lambda asked: answers(body=bytes(50_000_000))
    with pytest.raises(DownloadDamaged) as failure:
        fetch(server.url, tmp_path / "a")
    assert int(failure.value.actual.split()[0]) < 2_000_000


def test_a_refusal_is_told_and_leaves_nothing(server: Server, tmp_path: Path) -> None:
    with pytest.raises(HttpRefused, match="no such file"):
        fetch(f"{server.url}/a.conda", tmp_path / "a.conda")
    assert left_in(tmp_path) == []


def test_cancelling_keeps_what_has_arrived_for_the_next_time(
    server: Server, answers: Any, tmp_path: Path
) -> None:
    server.answer = ranged(answers)
    cancel = CancelToken()
    with pytest.raises(Cancelled):
        fetch(
            server.url,
            tmp_path / "a",
            cancel=cancel,
            report=lambda done, total: cancel.cancel() if done else None,
        )
    assert left_in(tmp_path) == [".a.download"]
    fetch(server.url, tmp_path / "a")
    assert server.asked[-1].headers["range"].startswith("bytes=")
    assert (tmp_path / "a").read_bytes() == CONTENT


def test_two_at_the_same_file_do_not_disturb_each_other(
    server: Server, answers: Any, tmp_path: Path
) -> None:
    server.answer = lambda asked: answers(body=CONTENT)
    failures: list[BaseException] = []

    def one() -> None:
        try:
            fetch(server.url, tmp_path / "a")
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert (tmp_path / "a").read_bytes() == CONTENT
    assert left_in(tmp_path) == ["a"]


def test_a_killed_process_leaves_a_part_that_the_next_one_completes(
    server: Server, answers: Any, tmp_path: Path
) -> None:
    answer = ranged(answers)
    arrived, killed = threading.Event(), threading.Event()

    def slow(asked: Any) -> Any:
        found = answer(asked)
        if not killed.is_set():
            found.cut_after = 300_000
            arrived.set()
        return found

    server.answer = slow
    program = (
        "import sys, os, signal; from pathlib import Path\n"
        "from xconda_core.cancel import CancelToken\n"
        "from xconda_core.net.download import download\n"
        "from xconda_core.net.connection import Connection\n"
        "from xconda_core.net.session import RequestsFetcher\n"
        "def report(done, total):\n"
        "    if done >= 262144: os.kill(os.getpid(), signal.SIGKILL)\n"
        "download(RequestsFetcher(), sys.argv[1], Path(sys.argv[2]), size=int(sys.argv[3]),\n"
        "    sha256=sys.argv[4], md5=None, report=report, cancel=CancelToken())\n"
    )
    arguments = [server.url, str(tmp_path / "a"), str(len(CONTENT)), SHA256]
    done = subprocess.run([sys.executable, "-c", program, *arguments], check=False)
    assert done.returncode == -signal.SIGKILL
    assert left_in(tmp_path) == [".a.download"]
    killed.set()
    fetch(server.url, tmp_path / "a")
    assert "range" in server.asked[-1].headers
    assert (tmp_path / "a").read_bytes() == CONTENT


def test_a_full_disk_is_named_and_given_back(server: Server, answers: Any, tmp_path: Path) -> None:
    server.answer = lambda asked: answers(body=CONTENT)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, before[1]))
    try:
        with pytest.raises(Exception, match="too large") as failure:
            fetch(server.url, tmp_path / "a")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert left_in(tmp_path) == []
    assert "Could not write a" in str(failure.value)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_no_space_and_no_quota_are_a_full_disk(
    server: Server,
    answers: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
) -> None:
    def write(descriptor: int, content: object) -> int:
        raise OSError(number, os.strerror(number))

    server.answer = lambda asked: answers(body=CONTENT)
    monkeypatch.setattr("xconda_core.net.download.write_all", write)
    with pytest.raises(DiskFull, match="free some space"):
        fetch(server.url, tmp_path / "a")
    assert left_in(tmp_path) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_named(server: Server, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(NotWritable):
        fetch(server.url, tmp_path / "a")


def test_a_folder_that_is_not_there_is_named(server: Server, tmp_path: Path) -> None:
    with pytest.raises(Exception, match="No such file") as failure:
        fetch(server.url, tmp_path / "none" / "a")
    assert "Could not write a" in str(failure.value)


def test_a_file_of_this_machine_is_verified_too(tmp_path: Path) -> None:
    (tmp_path / "source").write_bytes(CONTENT)
    fetch((tmp_path / "source").as_uri(), tmp_path / "a")
    with pytest.raises(DownloadDamaged):
        fetch((tmp_path / "source").as_uri(), tmp_path / "b", sha256="0" * 64)
    assert left_in(tmp_path) == ["a", "source"]
