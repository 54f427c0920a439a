"""A home and channels of its own, for scenarios of settings."""

import json
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests

from xconda_core import api
from xconda_core.testing.channel_server import ChannelServer, Fault
from xconda_core.testing.simulator import a_channel, a_package

YEAR_2020, YEAR_2024 = 1_590_000_000_000, 1_710_000_000_000  # milliseconds since 1970
ORCHARD = (
    a_package("apple", "1.0", depends=["seed"], timestamp=YEAR_2020),
    a_package("apple", "2.0", depends=["seed"], timestamp=YEAR_2024),
    a_package("seed", "1.0", timestamp=YEAR_2020),
    a_package("seed", "2.0", timestamp=YEAR_2024),
    a_package("pear", timestamp=YEAR_2020),
    a_package("python", "3.12.1", subdir="linux-64", timestamp=YEAR_2020),
    a_package("pip", "24.0", timestamp=YEAR_2020),
    a_package("drone", depends=["__cuda >=12"], timestamp=YEAR_2020),
    a_package("native", "1.0", subdir="linux-64", timestamp=YEAR_2020),
    a_package("native", "2.0", subdir="osx-arm64", timestamp=YEAR_2020),
)
GARDEN = (a_package("apple", "3.0", depends=["seed"], timestamp=YEAR_2020),)
MEADOW = (a_package("clover", "1.0", depends=["seed"], timestamp=YEAR_2020),)
HILL = (
    a_package("apple", "1.0"),
    a_package("apple", "2.0"),
    a_package("plum", build="a", timestamp=YEAR_2024),
    a_package("plum", build="b", timestamp=YEAR_2020),
)
NOWHERE = "http://127.0.0.1:9"  # the discard service, which nobody runs any more


@dataclass
class World:
    """A home, two channels over HTTP, and a user who types commands.

    Attributes:
        faults: What goes wrong, by the end of a path.
    """

    home: Path
    server: ChannelServer
    monkeypatch: pytest.MonkeyPatch
    faults: dict[str, Fault] = field(default_factory=dict)

    @property
    def orchard(self) -> str:
        return f"{self.server.url}/orchard"

    @property
    def hill(self) -> str:
        return f"{self.server.url}/hill"

    @property
    def prefix(self) -> Path:
        return self.home / "env"

    @property
    def environ(self) -> dict[str, str]:
        return {
            "HOME": str(self.home),
            "PATH": "/usr/bin:/bin",
            "CONDA_ROOT_PREFIX": str(self.home / "root"),
            "NO_PROXY": "127.0.0.1",
        }

    def condarc(self, *lines: str, channels: bool = True) -> None:
        """Write settings; a channel, a platform and no patience come with them unless told."""
        usual = {"channels": f"[{self.orchard}]", "subdir": "linux-64", "remote_max_retries": "0"}
        if not channels:
            del usual["channels"]
        given = {line.partition(":")[0] for line in lines}
        text = [f"{name}: {value}" for name, value in usual.items() if name not in given]
        (self.home / ".condarc").write_text("\n".join([*lines, *text, ""]), encoding="utf-8")

    def engine(self, **overrides: object) -> api.Engine:
        return api.open_engine(overrides=overrides, environ=self.environ)

    def plan(self, verb: str, *specs: str, **words: Any) -> dict[str, str]:
        """Return name and version of what would be there anew."""
        request = api.ChangeRequest(verb=verb, prefix=self.prefix, specs=specs, **words)  # type: ignore[arg-type]
        plan = self.engine().plan(request)
        return {step.name: step.new.version for step in plan.operations if step.new}

    def builds(self, name: str) -> list[str]:
        """Return the build that a new environment of ``name`` would have."""
        request = api.ChangeRequest(verb="create", prefix=self.prefix, specs=(name,))
        return [step.new.build for step in self.engine().plan(request).operations if step.new]

    def do(self, verb: str, *specs: str) -> Path:
        """Do it, and return the prefix."""
        engine = self.engine()
        request = api.ChangeRequest(verb=verb, prefix=self.prefix, specs=specs)  # type: ignore[arg-type]
        engine.execute(engine.plan(request))
        return self.prefix

    def xconda(self, *words: str, **environ: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "xconda_core", *words],
            env={**self.environ, **environ},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def asked(self, end: str) -> int:
        """Return how often a path that ends like this was asked for."""
        return sum(path.endswith(end) for path in self.server.paths())

    def waits_beside(self, end: str, setting: str) -> tuple[int, int]:
        """Return how many requests are under way at a time, with one thread and with four."""
        counts = []
        for threads in (1, 4):
            self.condarc(f"{setting}: {threads}", f"pkgs_dirs: [{self.home}/pkgs-{threads}]")
            with counted_sends(self.monkeypatch, end) as most:
                self.do("create", "apple", "pear", "pip", "native")
            counts.append(most())
            shutil.rmtree(self.prefix)
        return counts[0], counts[1]


@contextmanager
def counted_sends(monkeypatch: pytest.MonkeyPatch, end: str) -> Iterator[Callable[[], int]]:
    """Count how many requests for such a path are under way at the same time."""
    lock, now, most = threading.Lock(), [0], [0]
    send = requests.adapters.HTTPAdapter.send

    def counted(self: Any, request: Any, **words: Any) -> Any:
        if not request.url.endswith(end):
            return send(self, request, **words)
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        try:
            time.sleep(0.1)
            return send(self, request, **words)
        finally:
            with lock:
                now[0] -= 1

    with monkeypatch.context() as patch:
        patch.setattr(requests.adapters.HTTPAdapter, "send", counted)
        yield lambda: most[0]


def build_channels(folder: Path) -> Path:
    """Write the channels under ``folder``, and return it."""
    a_channel(folder / "orchard", ORCHARD, subdirs=("linux-64", "osx-arm64", "noarch"))
    a_channel(folder / "garden", GARDEN, subdirs=("linux-64", "noarch"))
    a_channel(folder / "meadow", MEADOW, subdirs=("linux-64", "noarch"))
    declare_base(folder / "meadow" / "noarch", "../orchard")
    a_channel(folder / "hill", HILL, subdirs=("linux-64", "noarch"))
    for subdir in ("linux-64", "noarch"):
        list_current(folder / "hill" / subdir)
    notices = [{"id": str(number), "message": f"news {number}"} for number in (1, 2, 3)]
    (folder / "hill" / "notices.json").write_text(json.dumps({"notices": notices}))
    return folder


def list_current(folder: Path) -> None:
    """Write the list of current packages, beside a whole list that is in no other form."""
    document = json.loads((folder / "repodata.json").read_text(encoding="utf-8"))
    kept = {fn: one for fn, one in document["packages.conda"].items() if one["version"] != "1.0"}
    for path in folder.glob("repodata*.zst"):
        path.unlink()
    current = {**document, "packages.conda": kept}
    (folder / "current_repodata.json").write_text(json.dumps(current), encoding="utf-8")


def declare_base(folder: Path, reference: str) -> None:
    """Let a channel want another one beside it (CEP 42)."""
    document = json.loads((folder / "repodata.json").read_text(encoding="utf-8"))
    document["info"]["channel_relations"] = {"base": reference}
    for path in folder.glob("repodata*"):
        path.unlink()
    (folder / "repodata.json").write_text(json.dumps(document), encoding="utf-8")
