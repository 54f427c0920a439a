"""Repodata, and what loading it shows, as the conformance runner asks for them."""

from pathlib import Path
from tempfile import TemporaryDirectory

from xconda_core.cancel import CancelToken
from xconda_core.errors import XcondaError
from xconda_core.events import Event
from xconda_core.models.channel import Channel
from xconda_core.net.connection import Connection
from xconda_core.net.local import LocalFetcher
from xconda_core.net.schemes import SchemeFetcher
from xconda_core.net.session import RequestsFetcher
from xconda_core.repodata.candidates import arrange
from xconda_core.repodata.documents import parse_repodata
from xconda_core.repodata.published import Folder
from xconda_core.repodata.source import load


def load_repodata(text: str) -> list[tuple[str, str, str]]:
    """Return name, version and build of every record that is kept."""
    folder = Folder("test", "https://host/test", "linux-64")

    def dropped(fn: str, why: str) -> None:
        """Leave it out."""

    content = text.encode("utf-8", "surrogateescape")
    document = parse_repodata(content, f"{folder.url}repodata.json", folder, False, dropped)
    kept = []
    for name in document.names():
        found = arrange(name, [document.rows(name, dropped)], "strict", dropped)
        if found is not None:
            kept += [(name, *pair) for pair in zip(found.versions, found.builds, strict=True)]
    return kept


def leak_probe(url: str) -> str:
    """Return everything that is said, shown or stored when a channel at ``url`` is loaded."""
    said: list[str] = []

    def report(event: Event) -> None:
        said.append(str(event))

    with TemporaryDirectory() as folder:
        for offline in (True, False):
            try:
                channel = Channel.parse(url)
                said += [str(channel), repr(channel), *channel.urls("linux-64")]
                load(
                    [channel],
                    ["linux-64", "noarch"],
                    SchemeFetcher(
                        RequestsFetcher(
                            Connection(max_retries=0, connect_timeout=1.0, offline=offline)
                        ),
                        {"file": LocalFetcher()},
                    ),
                    Path(folder),
                    ttl=1,
                    offline=offline,
                    report=report,
                    cancel=CancelToken(),
                    threads=2,
                    priority="strict",
                    use_only_tar_bz2=False,
                )
            except XcondaError as error:
                said += [str(error), repr(error), str(error.to_json())]
        said += [f"{path} {path.read_text()}" for path in Path(folder).rglob("*") if path.is_file()]
    return "\n".join(said)
