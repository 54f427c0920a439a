"""A channel of plain records, written in every form and served over HTTP."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from xconda_core.cancel import CancelToken
from xconda_core.errors import Json
from xconda_core.events import Event, Noticed
from xconda_core.models.channel import Channel
from xconda_core.net.connection import Connection
from xconda_core.net.local import LocalFetcher
from xconda_core.net.schemes import SchemeFetcher
from xconda_core.net.session import RequestsFetcher
from xconda_core.repodata.channel_index import ChannelIndex
from xconda_core.repodata.index_writer import write_index
from xconda_core.repodata.source import load
from xconda_core.testing.channel_server import ChannelServer, Fault, serve

Records = dict[str, list[tuple[str, dict[str, Json]]]]
SUBDIRS = ("linux-64", "noarch")


def a_record(name: str, version: str = "1.0", **fields: Json) -> tuple[str, dict[str, Json]]:
    """Return a file name and its record."""
    record: dict[str, Json] = {"name": name, "version": version, "build": "0", "build_number": 0}
    record |= {"depends": [], "size": 10, "md5": "0" * 32, "sha256": "ab" * 32}
    return f"{name}-{version}-0.conda", record | fields


@dataclass
class Bench:
    """A channel, its server, a cache, and what was reported."""

    folder: Path
    cache: Path
    server: ChannelServer
    faults: dict[str, Fault | None] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    now: float = 1_700_000_000.0

    def publish(self, *forms: str, **records: list[tuple[str, dict[str, Json]]]) -> None:
        """Write the channel anew in ``forms`` only (shards, zst, json); no forms means all."""
        write_index(self.folder, {name.replace("_", "-"): rows for name, rows in records.items()})
        names = {"shards": "repodata_shards.msgpack.zst", "zst": "repodata.json.zst"}
        names["json"] = "repodata.json"
        for form, name in names.items():
            if forms and form not in forms:
                for path in self.folder.glob(f"*/{name}"):
                    path.unlink()

    def load(self, *channels: str, **options: Any) -> ChannelIndex:
        """Load the channel, or the channels at these addresses."""
        values: dict[str, Any] = {"ttl": 1, "offline": False, "threads": 4, "priority": "strict"}
        values |= {"report": self.events.append, "cancel": CancelToken()}
        values |= {"use_only_tar_bz2": False, "clock": lambda: self.now}
        usual = RequestsFetcher(
            Connection(wait=lambda seconds: None, offline=options.get("offline", False))
        )
        fetcher = SchemeFetcher(usual, {"file": LocalFetcher()})
        return load(
            [Channel.parse(channel) for channel in channels or [self.server.url]],
            SUBDIRS,
            fetcher,
            self.cache,
            **(values | options),
        )

    def asked(self) -> list[str]:
        """Return what the server was asked since the last call, with its answers' numbers."""
        requests = [f"{request.status} {request.path}" for request in self.server.requests]
        self.server.requests.clear()
        return sorted(requests)

    def notices(self) -> list[str]:
        """Return what was noticed."""
        return [event.text for event in self.events if isinstance(event, Noticed)]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    folder = tmp_path / "channel"
    folder.mkdir()
    faults: dict[str, Fault | None] = {}

    def fault(path: str, before: int) -> Fault | None:
        return faults.pop(path, None) or faults.get("*")

    with serve(folder, faults=fault) as server:
        yield Bench(folder, tmp_path / "cache", server, faults)


@pytest.fixture
def record() -> Callable[..., tuple[str, Mapping[str, Json]]]:
    return a_record
