"""Where option rows are played: one home, one server of channels, and runs inside this process."""

import io
import json
import os
import shlex
import shutil
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import trustme

from tests.net.tls_server import over_tls
from tests.surface.option_row import Row
from tests.surface.outcome import Outcome
from xconda_core.cli.main import main
from xconda_core.testing.channel_server import ChannelServer, serve
from xconda_core.testing.simulator import a_channel, a_package

YEAR_2020, YEAR_2024 = 1_590_000_000_000, 1_710_000_000_000  # milliseconds since 1970
SAME = {"share/same": b"x"}
MENU = json.dumps(
    {
        "$id": "a schema",
        "menu_name": "Ide",
        "menu_items": [{"name": "ide", "command": ["ide"], "platforms": {"linux": {}}}],
    }
).encode()
ORCHARD = (
    a_package("apple", "1.0", depends=["seed"], timestamp=YEAR_2020),
    a_package("apple", "2.0", depends=["seed"], timestamp=YEAR_2024),
    a_package("seed", "1.0", timestamp=YEAR_2020),
    a_package("seed", "2.0", timestamp=YEAR_2024),
    a_package("pear", timestamp=YEAR_2020, license="MIT"),
    a_package("plum", depends=["pear"], timestamp=YEAR_2020),
    a_package("native", "1.0", subdir="linux-64", timestamp=YEAR_2020),
    a_package("native", "2.0", subdir="osx-arm64", timestamp=YEAR_2020),
    a_package("cake", "1.0", depends=["seed <2"]),
    a_package("cake", "2.0", depends=["seed >=2"]),
    a_package("one", files=SAME),
    a_package("two", files=SAME),
    a_package("nine", "1.0"),
    a_package("nine", "2.0", files=SAME),
    a_package("ide", "1.0", files={"Menu/ide.json": MENU}),
    a_package("ide", "2.0", files={"Menu/ide.json": MENU}),
    a_package("dwarf", track_features="small"),
    *(a_package("first", f"{n}.0", depends=[f"second {3 - n}.*"]) for n in (1, 2)),
    *(a_package("second", f"{n}.0", depends=[f"third {n}.*"]) for n in (1, 2)),
    *(a_package("third", f"{n}.0") for n in (1, 2)),
    a_package(
        "greeter", files={"bin/greet": b"#!/bin/sh\necho hi; pwd\n"}, executables=["bin/greet"]
    ),
)
GARDEN = (
    a_package("apple", "3.0", depends=["seed"], timestamp=YEAR_2020),
    a_package("rose", depends=["pear"], timestamp=YEAR_2020),
    a_package("pear", "1.5", timestamp=YEAR_2020),
    a_package("tulip", depends=["pear"], timestamp=YEAR_2020),
)
BUILT = (
    a_package("apple", "99"),
    a_package("pear", "99"),
    a_package("cider", depends=["pear"]),
)
START = (
    "create -y -n demo apple=1 seed=1",
    "install -y -n demo pear",
    "create -y -n other pear",
    "create -y -n bakery cake=1",
    "create -y -n tiny dwarf",
)

Facts = tuple[int, int, int]


class Place:
    """A home that is put back as it was before every run.

    Attributes:
        home: The user's home folder.
        server: Serves the channels.
        tls: Address of another server, with a certificate that nobody vouches for.
    """

    def __init__(self, folder: Path, server: ChannelServer, tls: str) -> None:
        self.home = folder / "home"
        self.server = server
        self.tls = tls
        self._copy = folder / "copy"
        self._outcomes: dict[tuple[object, ...], Outcome] = {}
        self.home.mkdir()
        for line in START:
            done = self._run_here(line, {}, "")
            assert done.exit_code == 0, done
        a_channel(self.home / "conda-bld", BUILT, subdirs=("linux-64", "noarch"))
        shutil.copytree(self.home, self._copy, symlinks=True)
        shutil.rmtree(self.home)
        shutil.copytree(self._copy, self.home, symlinks=True)  # as it is put back: no hard links
        self._snapshot = self._files()

    def play(self, line: str, row: Row) -> Outcome:
        """Return what ``line`` does in ``row``'s world; the same line there is run once."""
        key = (line, *row.environ.items(), *row.files.items(), row.before, row.stdin)
        if key not in self._outcomes:
            try:
                self._outcomes[key] = self._play(line, row)
            finally:
                self._put_back()
        return self._outcomes[key]

    def look(self, line: str) -> Outcome:
        """Return what ``line`` does in the world as it is."""
        return self.play(line, Row(line))

    def _play(self, line: str, row: Row) -> Outcome:
        environ = {name: self.filled(text) for name, text in row.environ.items()}
        for name, text in row.files.items():
            path = self.home / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(self.filled(text), encoding="utf-8")
        for earlier in row.before:
            done = self._run_here(earlier, environ, "")
            assert done.exit_code == 0, done
        run = self._run_apart if row.process else self._run_here
        return run(line, environ, row.stdin)

    def filled(self, text: str) -> str:
        """Return ``text`` with the places of this world."""
        places = {"{home}": str(self.home), "{server}": self.server.url, "{tls}": self.tls}
        for name, place in places.items():
            text = text.replace(name, place)
        return text

    def _environ(self, more: Mapping[str, str]) -> dict[str, str]:
        usual = {
            "HOME": str(self.home),
            "PATH": "/usr/bin:/bin",
            "CONDA_ROOT_PREFIX": f"{self.home}/root",
            "CONDA_ENVS_DIRS": f"{self.home}/envs",
            "CONDA_PKGS_DIRS": f"{self.home}/pkgs",
            "CONDA_CHANNELS": f"{self.server.url}/orchard",
            "CONDA_SUBDIR": "linux-64",
            "CONDA_REMOTE_MAX_RETRIES": "0",
            "NO_PROXY": "127.0.0.1",
        }
        return {name: text for name, text in {**usual, **more}.items() if text}

    def _run_here(self, line: str, environ: Mapping[str, str], stdin: str) -> Outcome:
        before = len(self.server.requests)
        stdout, stderr = io.StringIO(), io.StringIO()
        words = shlex.split(self.filled(line))
        threads = set(threading.enumerate())
        with self._as_process(environ, stdin), redirect_stdout(stdout), redirect_stderr(stderr):
            code = main(words)
            _wait_for_others(threads)
        return self._outcome(code, stdout.getvalue(), stderr.getvalue(), before)

    def _run_apart(self, line: str, environ: Mapping[str, str], stdin: str) -> Outcome:
        before = len(self.server.requests)
        done = subprocess.run(
            [sys.executable, "-m", "xconda_core", *shlex.split(self.filled(line))],
            env=self._environ(environ), cwd=self.home, input=stdin, capture_output=True, text=True,
            timeout=60, check=False,
        )  # fmt: skip
        return self._outcome(done.returncode, done.stdout, done.stderr, before)

    def _outcome(self, code: int, stdout: str, stderr: str, before: int) -> Outcome:
        prefixes = [path.parent.parent for path in self.home.glob("envs/*/conda-meta/history")]
        condarc = self.home / ".condarc"
        return Outcome(
            exit_code=code,
            stdout=stdout,
            stderr=stderr,
            asked=tuple(self.server.paths()[before:]),
            environments={prefix.name: installed(prefix) for prefix in prefixes},
            condarc=condarc.read_text(encoding="utf-8") if condarc.exists() else "",
            files={name: (facts[0], facts[2]) for name, facts in self._files().items()},
        )

    @contextmanager
    def _as_process(self, environ: Mapping[str, str], stdin: str) -> Iterator[None]:
        """Let this process look like one that was started in the home with these variables."""
        earlier, folder, listening = dict(os.environ), Path.cwd(), sys.stdin
        try:
            os.environ.clear()
            os.environ.update(self._environ(environ))
            os.chdir(self.home)
            sys.stdin = io.StringIO(stdin)
            yield
        finally:
            sys.stdin = listening
            os.chdir(folder)
            os.environ.clear()
            os.environ.update(earlier)

    def _files(self) -> dict[str, Facts]:
        """Return what is below the home: path to size, time and number of links."""
        found = {}
        for folder, folders, names in os.walk(self.home):
            for name in (*folders, *names):
                path = os.path.join(folder, name)
                facts = os.lstat(path)
                is_folder = stat.S_ISDIR(facts.st_mode)
                found[path.removeprefix(f"{self.home}/")] = (
                    (0, 0, 0) if is_folder else (facts.st_size, facts.st_mtime_ns, facts.st_nlink)
                )
        return found

    def _put_back(self) -> None:
        """Take away what a run has made, and bring back what it has changed."""
        now = self._files()
        for name in sorted(now.keys() - self._snapshot.keys(), reverse=True):
            path = self.home / name
            path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
        for name, facts in self._snapshot.items():
            if now.get(name) == facts:
                continue
            here, there = self.home / name, self._copy / name
            if there.is_dir() and not there.is_symlink():
                here.mkdir(exist_ok=True)
            else:
                here.unlink(missing_ok=True)
                shutil.copy2(there, here, follow_symlinks=False)


def _wait_for_others(before: set[threading.Thread]) -> None:
    """Wait for the threads that a run has started; the end of a process would end them."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        others = [
            thread
            for thread in set(threading.enumerate()) - before
            if "process_request_thread" not in thread.name  # those are the server's
        ]
        if not others:
            return
        time.sleep(0.002)


def installed(prefix: Path) -> dict[str, str]:
    """Return name and version of every package in ``prefix``, as its own records say."""
    records = (json.loads(path.read_bytes()) for path in (prefix / "conda-meta").glob("*.json"))
    return dict(sorted((record["name"], record["version"]) for record in records))


@contextmanager
def a_place(folder: Path) -> Iterator[Place]:
    """Make the channels and the home under ``folder``, and serve the channels."""
    channels = folder / "channels"
    subdirs = ("linux-64", "osx-arm64", "noarch")
    a_channel(channels / "orchard", ORCHARD, subdirs=subdirs)
    a_channel(channels / "garden", GARDEN, subdirs=subdirs)
    notices = [{"id": "1", "message": "news of the garden"}]
    (channels / "garden" / "notices.json").write_text(json.dumps({"notices": notices}))
    with serve(channels) as server, _served_over_tls(channels) as tls:
        yield Place(folder, server, tls)


@contextmanager
def _served_over_tls(folder: Path) -> Iterator[str]:
    """Serve ``folder`` with a certificate of an authority that nobody knows."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Silent, directory=str(folder)))
    address = over_tls(server, trustme.CA())
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield address
    server.shutdown()
    server.server_close()


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, *_words: object) -> None:
        """Say nothing."""
