"""Answers to a notebook's questions, as the documents that its client shows. Layer: cli."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from xconda_core.api import CancelToken, Engine, Reporter
from xconda_core.cli.why_text import why_lines
from xconda_core.engine import questions
from xconda_core.engine.listing import record_fields
from xconda_core.engine.query_answer import QueryAnswer
from xconda_core.engine.search import search
from xconda_core.errors import Json
from xconda_core.values import Slotted, dataclass

QUESTIONS: Final = frozenset(
    {"search", "why", "tree", "repoquery depends", "repoquery whoneeds", "repoquery search"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question(Slotted):
    """What is asked, where, and who is told meanwhile.

    Attributes:
        verb: One of :data:`QUESTIONS`.
        specs: What it is about.
        options: Options of the verb, by name.
        channels: Channels that go before the configured ones.
        override_channels: Use ``channels`` alone.
        engine: What answers.
        prefix: The environment.
        is_prefix_named: The user said which.
        report: Told of progress.
        cancel: Stops it.
    """

    verb: str
    specs: Sequence[str]
    options: Mapping[str, Json]
    channels: Sequence[str]
    override_channels: bool
    engine: Engine
    prefix: Path
    is_prefix_named: bool
    report: Reporter
    cancel: CancelToken

    def is_set(self, option: str) -> bool:
        """Whether a flag was given."""
        return bool(self.options.get(option, False))

    @property
    def depth(self) -> int | None:
        """Value of ``--depth``."""
        depth = self.options.get("depth")
        return depth if isinstance(depth, int) else None


def answer(asked: Question) -> Json:
    """Return the answer's document.

    Raises:
        XcondaError: it cannot be answered.
    """
    if asked.verb == "why":
        names = [*asked.specs]
        if asked.options.get("file"):
            names.append(
                questions.owner(asked.engine, asked.prefix, str(asked.options["file"])).name
            )
        return {"packages": [_why(asked, name) for name in names]}
    if asked.verb == "tree":
        found = questions.tree(
            asked.engine,
            asked.prefix,
            asked.specs,
            invert=asked.is_set("invert"),
            depth=asked.depth,
            repeat=not asked.is_set("prune_duplicates"),
            report=asked.report,
        )
        return {"lines": found.lines(), **found.to_json()}
    if asked.verb == "search":
        return {"packages": _search(asked)}
    return _repoquery(asked)


def _why(asked: Question, name: str) -> Json:
    found = questions.why(
        asked.engine,
        asked.prefix,
        name,
        asked.channels,
        asked.override_channels,
        with_version=not asked.is_set("no_version"),
        report=asked.report,
        cancel=asked.cancel,
    )
    return {"words": [line.text for line in why_lines(found)], **found.to_json()}


def _search(asked: Question) -> Json:
    engine, options = asked.engine, asked.options
    if options.get("file") or options.get("module"):
        file, module = str(options.get("file") or ""), str(options.get("module") or "")
        prefix = asked.prefix if asked.is_prefix_named else None
        return [
            each.to_json()
            for each in questions.providers(engine, file=file, module=module, prefix=prefix)
        ]
    if asked.is_set("envs"):
        homes = [engine.search_environments(spec) for spec in asked.specs or ("*",)]
        return [
            {**record_fields(record), "environment": str(prefix)}
            for each in homes
            for prefix, records in each.items()
            for record in records
        ]
    where = (asked.channels, asked.override_channels, asked.report, asked.cancel)
    if asked.is_set("outdated"):
        newer = [
            questions.outdated(engine, asked.prefix, spec, *where) for spec in asked.specs or ("*",)
        ]
        return [
            {**record_fields(each.newest), "installed": each.installed.version}
            for some in newer
            for each in some
        ]
    flexible = asked.options.get("flexible") is not False
    records = [
        questions.search(engine, search, spec, *where, flexible=flexible) for spec in asked.specs
    ]
    return [record_fields(record) for record in dict.fromkeys(sum(records, ()))]


def _repoquery(asked: Question) -> Json:
    kind = asked.verb.partition(" ")[2]
    found: QueryAnswer = questions.repoquery(
        asked.engine,
        kind,  # type: ignore[arg-type]  # a verb is one of three
        asked.specs,
        asked.channels,
        asked.override_channels,
        asked.report,
        asked.cancel,
        prefix=asked.prefix if asked.is_set("installed") else None,
        recursive=asked.is_set("recursive"),
        tree=asked.is_set("tree"),
        depth=asked.depth,
    )
    packages = [
        {**(record_fields(each.record) if each.record else each.to_json()), "wants": each.wants}
        for each in found.packages
    ]
    document: dict[str, Json] = {"packages": list(packages)}
    if found.tree is not None:
        document |= {"lines": found.tree.lines(), **found.tree.to_json(), "tree": True}
        document["packages"] = list(packages)
    return document
