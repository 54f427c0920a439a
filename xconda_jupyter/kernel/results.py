"""What a command returns: values to go on with, which also show themselves."""

from __future__ import annotations

import json
import sys
from shlex import quote
from typing import (
    Any,
    Dict,
    Iterator,
    List,
    Mapping,
    MutableMapping,
    Optional,
    Sequence,
    Tuple,
)

from xconda_jupyter.kernel.changes import Change
from xconda_jupyter.kernel.import_verdicts import Verdict
from xconda_jupyter.kernel.live_view import CHANGE_TYPE
from xconda_jupyter.kernel.reloading import Reloaded, reload_modules
from xconda_jupyter.kernel.running_kernel import is_same_folder
from xconda_jupyter.kernel.screen import can_redraw, show, write_line
from xconda_jupyter.kernel.tables import Table, aligned, html_words, size_words
from xconda_jupyter.kernel.verbs import UNDONE_BY_UNDO


class ChangeResult:
    """What ``install``, ``remove``, ``update``, ``undo`` or ``redo`` did.

    Attributes:
        verb: The command.
        prefix: The environment.
        changes: What changed, package by package; with ``is_dry_run`` what would.
        is_dry_run: Nothing was changed, because that was asked for.
        is_only_fetched: The packages are in the package cache, and the environment is as it was.
        seconds: How long it took.
        revision: Number of the revision that it made; None where nothing changed.
        verdicts: Package to what its change means for the code that this kernel has imported;
            empty where it is not this kernel's environment.
        job: Name of the job in the record of jobs.
        document: The plan and the result as JSON.
    """

    def __init__(
        self,
        *,
        verb: str,
        prefix: str,
        job: str,
        table: Table,
        changes: Tuple[Change, ...],
        is_dry_run: bool,
        verdicts: Mapping[str, Verdict],
        variables: MutableMapping[str, Any],
        document: Mapping[str, Any],
        name: str = "",
    ) -> None:
        """Keep it; ``name`` is what the environment was called, where it was named at all."""
        self.verb = verb
        self.prefix = prefix
        self._name = name
        self.job = job
        self.changes = changes
        self.is_dry_run = is_dry_run
        self.verdicts = dict(verdicts)
        self._variables = variables
        self.document = dict(document)
        self.seconds = float(document.get("seconds") or 0.0)
        transaction = document.get("transaction") or {}
        self.revision: Optional[int] = transaction.get("revision")
        self.is_only_fetched = bool(transaction.get("only_fetched"))
        self._table = table
        self._is_on_screen = False

    @property
    def words(self) -> str:
        """One line that says what happened."""
        gone = str((self.document.get("plan") or {}).get("removes") or "")
        if not (self.changes or gone):
            return "Nothing to do: everything is as asked for."
        if self.is_dry_run:
            return "Dry run: nothing was changed."
        if self.is_only_fetched:
            words = "Downloaded in {:.1f} s: the packages are in the cache, nothing was changed."
            return words.format(self.seconds)
        if gone:
            words = "is removed" if gone == self.prefix else "is now {}".format(self.prefix)
            return "Done in {:.1f} s: {} {}.".format(self.seconds, gone, words)
        done = "Done in {:.1f} s: {}.".format(self.seconds, _counts(self.changes))
        if self._is_new and any(change.name == "ipykernel" for change in self.changes):
            place = self._name or quote(self.prefix)
            return done + " `%xconda switch {}` runs the notebook in it.".format(place)
        if not self._can_be_undone:
            return done
        back = "redo" if self.verb == "undo" else "undo"
        return done + " `%xconda {}{}` takes it back.".format(back, self._where)

    @property
    def _where(self) -> str:
        """How a further command says that it means the same environment."""
        if is_same_folder(self.prefix, sys.prefix):
            return ""
        return " -n " + self._name if self._name else " -p " + quote(self.prefix)

    @property
    def _is_new(self) -> bool:
        plan = self.document.get("plan") or {}
        return bool(plan.get("onto")) or self.revision == 0

    @property
    def _can_be_undone(self) -> bool:
        """Whether there is a revision before it, in an environment that is still there."""
        plan = self.document.get("plan") or {}
        return self.verb in UNDONE_BY_UNDO and not self._is_new and not plan.get("removes")

    @property
    def notes(self) -> Tuple[str, ...]:
        """What packages had to say, and which imported ones differ from the files on disk."""
        if self.is_dry_run or self.is_only_fetched:
            return ()
        transaction = self.document.get("transaction") or {}
        return tuple(transaction.get("messages", ())) + tuple(
            loaded_words(change, self.verdicts[change.name])
            for change in self.changes
            if change.name in self.verdicts and self.verdicts[change.name].modules
        )

    @property
    def restart_for(self) -> Dict[str, Tuple[str, ...]]:
        """Packages whose old code this kernel uses until it is restarted, with their modules."""
        return self._imported("restart")

    @property
    def reload_for(self) -> Dict[str, Tuple[str, ...]]:
        """Packages whose old code :meth:`reload` exchanges, with their modules."""
        return self._imported("reload")

    def _imported(self, kind: str) -> Dict[str, Tuple[str, ...]]:
        is_done = not self.is_only_fetched
        meant = (each for each in self.verdicts.values() if is_done and each.kind == kind)
        return {each.package: each.imported_as for each in meant}

    def reload(self) -> Reloaded:
        """Exchange the imported modules of the packages that can be exchanged for the new ones.

        Raises:
            XcondaFailed: a new module cannot be imported; the old ones are all in place again.
        """
        meant = [each for each in self.verdicts.values() if each.kind == "reload"]
        is_done = not (self.is_dry_run or self.is_only_fetched)
        names = [name for each in meant for name in each.modules] if is_done else []
        return reload_modules(names, self._variables)

    def already_shown(self) -> ChangeResult:
        """Return the result after its cell has shown it: the next automatic display is left out."""
        self._is_on_screen = True
        return self

    @property
    def _in_short(self) -> str:
        if self.revision is not None:
            return "revision {}".format(self.revision)
        return "a dry run" if self.is_dry_run else "no new revision"

    def to_json(self) -> Dict[str, Any]:
        """Return the result as ``--json`` carries it."""
        return {
            "success": True,
            "verb": self.verb,
            "prefix": self.prefix,
            "job": self.job,
            "dry_run": self.is_dry_run,
            "seconds": self.seconds,
            "imports": {
                name: {
                    "verdict": each.kind,
                    "modules": list(each.imported_as),
                    "because": each.because,
                    "variables": list(each.variables),
                }
                for name, each in self.verdicts.items()
            },
            **self.document,
        }

    def to_panel(self) -> Optional[Dict[str, Any]]:
        """Return what the JupyterLab panel draws with buttons; None where nothing was changed."""
        if self.is_dry_run or self.is_only_fetched or not self.changes:
            return None
        return {
            "verb": self.verb,
            "prefix": self.prefix,
            "revision": self.revision,
            "can_be_undone": self._can_be_undone,
            "words": self.words,
            "notes": list(self.notes),
            "changes": [
                {
                    "name": change.name,
                    "movement": change.movement,
                    "old": change.old,
                    "new": change.new,
                    "channel": change.channel,
                    "size": change.size,
                }
                for change in self.changes
            ],
            "reload": {name: list(modules) for name, modules in self.reload_for.items()},
            "restart": {name: list(modules) for name, modules in self.restart_for.items()},
        }

    def __len__(self) -> int:
        return len(self.changes)

    def __bool__(self) -> bool:
        return True

    def __iter__(self) -> Iterator[Change]:
        return iter(self.changes)

    def __repr__(self) -> str:
        parts = [self._table.text()] if self.changes else []
        return "\n".join([*parts, *self.notes, self.words])

    def _repr_html_(self) -> str:
        parts = [self._table.html()] if self.changes else []
        return "".join(
            parts + ["<div>{}</div>".format(html_words(t)) for t in (*self.notes, self.words)]
        )

    def _ipython_display_(self) -> None:
        if self._is_on_screen:
            self._is_on_screen = False
            if not can_redraw():  # a terminal has written its `Out[n]:` by now
                write_line(self._in_short)
            return
        bundle: Dict[str, Any] = {"text/plain": repr(self), "text/html": self._repr_html_()}
        done = self.to_panel()
        show({**bundle, CHANGE_TYPE: done} if done else bundle)


class Records:
    """What a question found: a sequence of mappings, shown as a table.

    Attributes:
        records: One mapping per finding; of packages with the field names of repodata.
    """

    def __init__(
        self,
        caption: str,
        columns: Sequence[str],
        records: Sequence[Mapping[str, Any]],
        shown: Optional[int] = None,
    ) -> None:
        """Keep the records; the table shows the last ``shown`` of them (all unless given)."""
        self.records: List[Dict[str, Any]] = [dict(record) for record in records]
        seen = self.records if shown is None else self.records[-shown:]
        if len(seen) < len(self.records):
            caption = "{}; the last {} of them:".format(caption, len(seen))
        rows = tuple(tuple(_cell(record, name) for name in columns) for record in seen)
        self._table = Table(
            caption, tuple(name.replace("_", " ").capitalize() for name in columns), rows
        )

    def to_json(self) -> List[Dict[str, Any]]:
        """Return the records."""
        return self.records

    def __len__(self) -> int:
        return len(self.records)

    def __iter__(self) -> Iterator[Dict[str, Any]]:
        return iter(self.records)

    def __getitem__(self, position: int) -> Dict[str, Any]:
        return self.records[position]

    def __contains__(self, name: object) -> bool:
        return any(record.get("name") == name for record in self.records)

    def __repr__(self) -> str:
        return self._table.text()

    def _repr_html_(self) -> str:
        return self._table.html()


class Facts:
    """What ``info`` knows, by name.

    Attributes:
        values: Name to value.
    """

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values: Dict[str, Any] = dict(values)
        rows = ((name.replace("_", " "), _fact(value)) for name, value in self.values.items())
        self._table = Table("xconda", ("What", "Value"), tuple(rows))

    def to_json(self) -> Dict[str, Any]:
        """Return the facts."""
        return self.values

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.values)

    def __repr__(self) -> str:
        return "\n".join(aligned(self._table.rows))

    def _repr_html_(self) -> str:
        return self._table.html()


class Text:
    """Plain text that shows itself as it is."""

    def __init__(self, text: str) -> None:
        self.text = text

    def to_json(self) -> str:
        """Return the text."""
        return self.text

    def __repr__(self) -> str:
        return self.text


class Document:
    """What ``--json`` answers: shows itself as JSON; ``value`` is the document as Python values."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def to_json(self) -> Any:
        """Return the document."""
        return self.value

    def __repr__(self) -> str:
        return json.dumps(self.value, indent=2, ensure_ascii=False)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Dict[str, Any]:
        del include, exclude  # both forms are small
        return {"text/plain": repr(self), "application/json": self.value}


def _counts(changes: Sequence[Change]) -> str:
    installed = sum(1 for change in changes if not change.old)
    removed = sum(1 for change in changes if not change.new)
    counts = {
        "installed": installed,
        "changed": len(changes) - installed - removed,
        "removed": removed,
    }
    parts = ["{} {}".format(count, verb) for verb, count in counts.items() if count]
    noun = "package" if len(changes) == 1 else "packages"
    return ", ".join(parts).replace(" ", " {} ".format(noun), 1)


def loaded_words(change: Change, verdict: Verdict) -> str:
    """Return what a person is to know of a package that was imported before it changed."""
    name = change.name
    if verdict.imported_as not in {(), (name,)}:
        name = "{} (imported as {})".format(name, ", ".join(verdict.imported_as))
    holding = "" if not verdict.variables else " In use: {}.".format(", ".join(verdict.variables))
    if not change.new:
        text = "{} is still in this kernel's memory; restart it to be rid of it.".format(name)
    elif verdict.kind == "reload":
        text = "{} was imported before it changed: `%xconda reload` takes {} in.".format(
            name, change.new
        )
    else:
        text = "{} was imported before it changed: restart the kernel to use {} ({}).".format(
            name, change.new, verdict.because
        )
    return text + holding


def _cell(record: Mapping[str, Any], name: str) -> str:
    value = record.get(name)
    if name == "size":
        return size_words(value)
    if isinstance(value, list):
        more = " and {} more".format(len(value) - 1) if len(value) > 1 else ""
        return "{}{}".format(value[0], more) if value else ""
    return "" if value is None else str(value)


def _fact(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(map(_part, value)) or "none"
    if isinstance(value, Mapping):
        return ", ".join("{}: {}".format(name, _fact(item)) for name, item in value.items())
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value is None else str(value)


def _part(value: Any) -> str:
    return "=".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
