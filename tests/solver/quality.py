"""Random requests of a channel, put to xconda and to rattler's solver, and what came of them.

``python -m tests.solver.quality CHANNEL [--requests N] [--seed N] [--write]``; CHANNEL is a folder
with ``linux-64`` and ``noarch``. It prints its seed, and exits with 1 when the solvers do not agree
on what can be, or when a judge who shares nothing with either finds fault with a solution.
"""

import argparse
import io
import json
import random
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

import zstandard

from tests.solver.readable import ask, violations
from xconda_core.cancel import CancelToken
from xconda_core.errors import XcondaError
from xconda_core.events import silent
from xconda_core.models.match_spec import MatchSpec
from xconda_core.models.package_record import PackageRecord
from xconda_core.models.version import Version
from xconda_core.repodata.channel_index import ChannelIndex, ChannelRecords
from xconda_core.repodata.documents import RepodataDocument, parse_repodata
from xconda_core.repodata.published import Folder
from xconda_core.solver.search import solve

PAGE = Path(__file__).parents[2] / "docs" / "solver-quality.md"
PEER = Path(__file__).parent / "rattler_answers.py"
SUBDIRS = ("linux-64", "noarch")
FACTS = (("__unix", "0"), ("__linux", "5.15.0"), ("__glibc", "2.35"))  # as the peer has them
FORMS = ("{0}", "{0}", "{0}", "{0}", "{0}=={1}", "{0}>={1}", "{0}<{1}", "{0}={2}", "{0}<={1}")

Request = tuple[str, ...]
Older = tuple[str, str, str, Request]  # name, our version, rattler's, what was asked


@dataclass(slots=True)
class Comparison:
    """What came of some requests.

    Attributes:
        possible: How many both could meet.
        impossible: How many both refused.
        disagreements: Requests that one meets and the other refuses, with who meets it.
        faults: What the judge found.
        requested: Requested packages compared; ``requested_older``: those older than rattler's.
        packages: All packages compared; how many of ours are older, how many newer.
    """

    possible: int = 0
    impossible: int = 0
    disagreements: list[tuple[Request, str]] = field(default_factory=list)
    faults: list[tuple[Request, str]] = field(default_factory=list)
    requested: int = 0
    requested_older: list[Older] = field(default_factory=list)
    requested_newer: list[Older] = field(default_factory=list)
    packages: int = 0
    older: int = 0
    newer: int = 0
    names_only_here: int = 0
    names_only_there: int = 0
    milliseconds: list[float] = field(default_factory=list)


def document(channel: Path, subdir: str) -> RepodataDocument:
    """Return one folder of a channel that is on this disk."""
    folder = Folder("conda-forge", "https://conda.example.org/conda-forge", subdir)
    return parse_repodata(
        _content(channel, subdir), folder.url, folder, False, lambda fn, why: None
    )


def index_of(channel: Path) -> ChannelIndex:
    """Return the packages of a channel that is on this disk."""
    folders = tuple(document(channel, subdir) for subdir in SUBDIRS)
    return ChannelIndex([ChannelRecords("conda-forge", folders)], "strict", silent)


def _content(channel: Path, subdir: str) -> bytes:
    packed = (channel / subdir / "repodata.json.zst").read_bytes()
    return zstandard.ZstdDecompressor().stream_reader(io.BytesIO(packed)).read()


def requests(index: ChannelIndex, number: int, seed: int) -> Iterator[Request]:
    """Yield made-up requests, the same ones for the same seed."""
    chance = random.Random(seed)
    versions = {name: found.versions for name in index.names() if (found := index.candidates(name))}
    names = sorted(versions)
    popular = [name for name in names if len(versions[name]) >= 8]
    for _ in range(number):
        request = []
        if chance.random() < 0.6:
            request.append(f"python=3.{chance.randint(9, 14)}")
        for _ in range(chance.randint(1, 6)):
            name = chance.choice(popular if chance.random() < 0.75 else names)
            text = chance.choice(versions[name])
            series = ".".join(text.split(".")[:2])
            request.append(chance.choice(FORMS).format(name, text, series))
        yield tuple(dict.fromkeys(request))


def compare(channel: Path, number: int, seed: int) -> Comparison:
    """Put ``number`` requests to both."""
    index = index_of(channel)
    asked = list(requests(index, number, seed))
    with TemporaryDirectory() as folder:
        theirs = rattlers_answers(channel, asked, Path(folder))
    found = Comparison()
    for request, their in zip(asked, theirs, strict=True):
        _compare_one(index, request, their, found)
    return found


def rattlers_answers(
    channel: Path, asked: Sequence[Sequence[str]], folder: Path
) -> list[dict[str, str] | None]:
    """Return rattler's solutions, as name to version; None for a refusal."""
    for subdir in SUBDIRS:
        (folder / f"{subdir}.json").write_bytes(_content(channel, subdir))
    run = subprocess.run(
        [sys.executable, PEER, folder],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=True,
    )
    answers: list[dict[str, str] | None] = json.loads(run.stdout)
    return answers


def our_answer(
    index: ChannelIndex, request: Sequence[str]
) -> tuple[Mapping[str, PackageRecord] | None, list[str]]:
    """Return our solution, None for a refusal, and what the judge finds wrong with it."""
    problem = ask(index, *request, virtual=[" ".join(fact) for fact in FACTS])
    try:
        records = solve(problem, silent, CancelToken()).records
    except XcondaError:
        return None, []
    return records, violations(records, problem)


def _compare_one(
    index: ChannelIndex, request: Request, theirs: Mapping[str, str] | None, found: Comparison
) -> None:
    ours, faults = our_answer(index, request)
    found.faults += [(request, fault) for fault in faults]
    if ours is None and theirs is None:
        found.impossible += 1
    elif ours is None or theirs is None:
        found.disagreements.append((request, "rattler" if ours is None else "xconda"))
    else:
        found.possible += 1
        _compare_versions(request, ours, theirs, found)


def _compare_versions(
    request: Request,
    ours: Mapping[str, PackageRecord],
    theirs: Mapping[str, str],
    found: Comparison,
) -> None:
    named = {MatchSpec.parse(text).name for text in request}
    shared = sorted(ours.keys() & theirs.keys())
    found.packages += len(shared)
    found.requested += len(named)
    found.names_only_here += len(ours.keys() - theirs.keys())
    found.names_only_there += len(theirs.keys() - ours.keys())
    for name in shared:
        our, their = Version.parse(ours[name].version), Version.parse(theirs[name])
        found.older += our < their
        found.newer += our > their
        if name in named and our != their:
            rows = found.requested_older if our < their else found.requested_newer
            rows.append((name, our.text, their.text, request))


def page(found: Comparison, channel: Path, seed: int) -> str:
    """Return the page that says what came of it."""
    total = found.possible + found.impossible + len(found.disagreements)
    return "\n".join(
        [
            "# How good the solutions are",
            "",
            "Random requests are put to xconda and to rattler's solver. Both must agree on what",
            "can be, a judge that shares nothing with either looks at every solution of xconda,",
            "and of what both choose nothing much may be older. This page is written by",
            "`python -m tests.solver.quality CHANNEL --write`; a new seed asks new questions.",
            "",
            "## Last result",
            "",
            f"{datetime.now(UTC):%Y-%m-%d}, channel `{channel.name}`, {total} requests,",
            f"seed {seed}, py-rattler {version('py-rattler')}.",
            "",
            "| | |",
            "|---|--:|",
            f"| both have a solution | {found.possible} |",
            f"| both refuse | {found.impossible} |",
            f"| they do not agree | {len(found.disagreements)} |",
            f"| faults in solutions of xconda | {len(found.faults)} |",
            f"| requested packages compared | {found.requested} |",
            f"| of these older than rattler's | {_share(found.requested_older, found.requested)} |",
            f"| of these newer | {_share(found.requested_newer, found.requested)} |",
            f"| all packages compared | {found.packages} |",
            f"| of these older | {_percent(found.older, found.packages)} |",
            f"| of these newer | {_percent(found.newer, found.packages)} |",
            f"| packages that only xconda brings | {found.names_only_here} |",
            f"| packages that only rattler brings | {found.names_only_there} |",
            "",
            *_listed("Requested packages that are older", found.requested_older),
            *_listed("Requested packages that are newer", found.requested_newer),
            *_disagreements(found),
        ]
    )


def _share(rows: Sequence[Older], total: int) -> str:
    return _percent(len(rows), total)


def _percent(part: int, total: int) -> str:
    return f"{part} ({100 * part / total:.2f} %)" if total else "0"


def _listed(title: str, rows: Sequence[Older]) -> list[str]:
    if not rows:
        return []
    lines = [
        f"| {name} | {our} | {their} | {' '.join(f'`{text}`' for text in request)} |"
        for name, our, their, request in rows
    ]
    head = ["| package | xconda | rattler | asked |", "|---|---|---|---|"]
    return [f"### {title}", "", *head, *lines, ""]


def _disagreements(found: Comparison) -> list[str]:
    if not found.disagreements:
        return []
    rows = [f"- only {who}: {' '.join(request)}" for request, who in found.disagreements]
    return ["### Where they do not agree", "", *rows, ""]


def main() -> int:
    """Ask, print, and write the page if that is wanted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("channel", type=Path)
    parser.add_argument("--requests", type=int, default=300)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**32))
    parser.add_argument("--write", action="store_true", help=f"write docs/{PAGE.name}")
    chosen = parser.parse_args()
    print(f"seed {chosen.seed}", flush=True)
    found = compare(chosen.channel, chosen.requests, chosen.seed)
    text = page(found, chosen.channel, chosen.seed)
    print(text)
    for request, fault in found.faults:
        print(f"fault: {' '.join(request)}: {fault}")
    if chosen.write:
        kept = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
        PAGE.write_text(_with_rest(text, kept), encoding="utf-8")
    return 1 if found.disagreements or found.faults else 0


def _with_rest(text: str, before: str) -> str:
    """Return the page with what somebody wrote by hand below its last heading of two signs."""
    rest = re.search(r"^## (?!Last result).*", before, re.MULTILINE | re.DOTALL)
    return text if rest is None else f"{text.rstrip()}\n\n{rest.group()}"


if __name__ == "__main__":
    sys.exit(main())
