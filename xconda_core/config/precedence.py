"""Merge files, environment and command line into ``Settings``. Layer: config.

Later sources win for single values; lists put the later source's items first; maps merge key by
key. ``#!final`` stops what comes later, ``#!top`` and ``#!bottom`` pin an item of a list.
Source: conda's documentation, "Using the .condarc conda configuration file", obtaining and merging.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Final, cast

from xconda_core.config.condarc import Unreadable, read
from xconda_core.config.definition import Definition
from xconda_core.config.definitions import DEFINITIONS, PLUGINS
from xconda_core.config.interpret import Given, Interpreter, Pairs, environment_source
from xconda_core.config.problem import InvalidConfiguration
from xconda_core.config.source import Mark, Source, node_of
from xconda_core.config.value_types import Value
from xconda_core.values import Slotted, dataclass, field

COMMAND_LINE: Final = "command line"


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration(Slotted):
    """Every configured value, still by name, with its origin.

    Attributes:
        values: Setting name to value; every definition is there.
        origins: Setting name to where the value was written; absent for a default.
        warnings: What was ignored, one sentence each.
        sources: What each place says, by setting name; the place of lowest priority first.
    """

    values: Mapping[str, object]
    origins: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    sources: tuple[tuple[str, Mapping[str, Given]], ...] = ()

    @property
    def plugins(self) -> dict[str, object]:
        """Name of a plugin's setting to its value."""
        start = f"{PLUGINS}."
        below = ((name, value) for name, value in self.values.items() if name.startswith(start))
        return {name.removeprefix(start): value for name, value in below}


def merge(
    files: Iterable[Path],
    environ: Mapping[str, str],
    overrides: Mapping[str, object] | None = None,
    more: tuple[Definition, ...] = (),
) -> Configuration:
    """Read ``files`` (lowest priority first), then ``CONDA_*``, then ``overrides``, and merge them.

    ``more`` are settings that plugins declare.

    Raises:
        InvalidConfiguration: naming everything that cannot be read, wherever it is.
    """
    interpreter = Interpreter(environ, more)
    asked = {name: node_of(value, COMMAND_LINE) for name, value in (overrides or {}).items()}
    rest = (environment_source(environ, more), Source(COMMAND_LINE, asked))
    read_sources = chain(_file_sources(files, interpreter), rest)
    sources = tuple((source.origin, interpreter.given(source)) for source in read_sources)
    layers = [given for _, given in sources]
    if interpreter.problems:
        raise InvalidConfiguration(tuple(interpreter.problems))
    values: dict[str, object] = {}
    origins: dict[str, str] = {}
    for definition in (*DEFINITIONS, *more):
        name = definition.name
        heard = _heard([layer[name] for layer in layers if name in layer])
        values[name] = _merged(definition, heard) if heard else definition.default
        if heard:
            decisive = heard if definition.shape != "one" else heard[-1:]
            origins[name] = "; ".join(each.origin for each in reversed(decisive))
    below = {name: origin for name, origin in origins.items() if name.startswith(f"{PLUGINS}.")}
    if below:
        origins[PLUGINS] = "; ".join(dict.fromkeys(below.values()))
    return Configuration(
        values=values, origins=origins, warnings=tuple(interpreter.warnings), sources=sources
    )


def _file_sources(files: Iterable[Path], interpreter: Interpreter) -> Iterable[Source]:
    for path in files:
        try:
            yield read(path)
        except Unreadable as error:
            interpreter.problems.append(error.problem)
        except OSError as error:  # as conda: a file of others that we may not read is passed over
            interpreter.warnings.append(f"{path} was passed over: {error.strerror}")


def _heard(given: list[Given]) -> list[Given]:
    """Return what counts, lowest priority first: nothing after the first ``#!final``."""
    final = next((i for i, each in enumerate(given) if each.mark == "final"), len(given))
    return given[: final + 1]


def _merged(definition: Definition, heard: Sequence[Given]) -> object:
    if definition.shape == "one":
        return heard[-1].value
    if definition.shape in {"list", "list of maps"}:
        return _merged_list(heard)
    return _merged_lists(heard) if definition.shape == "map of lists" else _merged_map(heard)


def _merged_list(heard: Sequence[Given]) -> tuple[Value | Pairs, ...]:
    """Return the items, each once: ``#!top`` first, then by priority, ``#!bottom`` last.

    Among items marked ``top`` those of lower priority lead, among ``bottom`` they come last: the
    mark is how an administrator keeps an item in its place. Marked both ways counts as bottom.
    """
    ordered = chain.from_iterable(each.items for each in reversed(heard))
    top = _marked(heard, "top")
    bottom = _marked(reversed(heard), "bottom")
    kept_last = list(dict.fromkeys(reversed(bottom)))
    first = [item for item in dict.fromkeys([*top, *ordered]) if item not in kept_last]
    return (*first, *reversed(kept_last))


def _marked(given: Iterable[Given], mark: str) -> list[Value | Pairs]:
    return [
        item for each in given for item, m in zip(each.items, each.marks, strict=True) if m == mark
    ]


def _merged_map(heard: Sequence[Given]) -> dict[str, object]:
    """Return the map: a later source wins per key, but never over a key marked ``#!final``.

    Keys keep the order of the source of lowest priority.
    """
    merged: dict[str, object] = {}
    final: set[str] = set()
    for each in heard:
        marks = cast("Mapping[str, Mark]", each.marks)
        for key, item in cast("Mapping[str, object]", each.value).items():
            if key in final:
                continue
            merged[key] = item
            if marks.get(key) == "final":
                final.add(key)
    return merged


def _merged_lists(heard: Sequence[Given]) -> dict[str, object]:
    """Return the map, its lists merged as lists are; a ``#!final`` one stands as written."""
    merged: dict[str, object] = {}
    for key in dict.fromkeys(chain.from_iterable(each.lists for each in heard)):
        given = [each.lists[key] for each in heard if key in each.lists]
        final = next((each for each in given if each.mark == "final"), None)
        merged[key] = final.items if final else _merged_list(given)
    return merged
