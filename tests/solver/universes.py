"""Small universes made up by chance, with every kind of thing that a solver has to heed.

Channels with priorities, constraints, conditional dependencies and wishes (CEP 43), groups of
optional dependencies (CEP 44), virtual packages, pins, installed packages, removals, tracked
features.
"""

import random
from collections.abc import Iterable

from tests.solver.readable import machine, specs
from xconda_core.config.settings import ChannelPriority
from xconda_core.errors import Json
from xconda_core.models.package_record import PackageRecord
from xconda_core.repodata.memory_index import MemoryIndex
from xconda_core.solver.problem import SolveProblem
from xconda_core.values import replace

NAMES = ("a", "b", "c", "d", "e", "f", "g")
VERSIONS = ("1.0", "1.1", "2.0", "3.0")
GROUPS = ("x", "y")
CHANNELS = ("first", "second")
LIMITS = (
    "",
    "",
    "",
    "",
    " 1.*",
    " 2.*",
    " 3.*",
    " >=2",
    " <3",
    " <2",
    " !=2.0",
    " ==1.1",
    " *  1_1",
)
CONDITIONS = ("{0}", "{0}", "{0} and {1}", "{0} or {1}")


def a_problem(chance: random.Random) -> SolveProblem:
    """Return a problem; the same one for the same state of ``chance``."""
    channels = CHANNELS if chance.random() < 0.4 else CHANNELS[:1]
    found = records(chance, channels)
    priority: ChannelPriority = chance.choice(("strict", "flexible", "disabled"))
    installed = chance.sample(found, min(len(found), chance.randint(0, 4)))
    foreign = records(chance, ("gone",), most=2)
    return SolveProblem(
        index=MemoryIndex(found, channels, priority),
        specs=specs(*(_wish(chance) for _ in range(chance.randint(1, 3)))),
        kept_specs=specs(*_some(chance, NAMES, 1)),
        pins=specs(*(_pin(chance) for _ in range(chance.choice((0, 0, 0, 1))))),
        installed={each.name: each for each in (*installed, *foreign)},
        kept_names=_some(chance, NAMES, 3),
        updates=frozenset(_some(chance, NAMES, 3)),
        absent=frozenset(_some(chance, NAMES, 1) if chance.random() < 0.2 else ()),
        virtual_packages=machine(*chance.choice(((), ("__gpu 2.0",)))),
    )


def records(
    chance: random.Random, channels: tuple[str, ...], most: int = 36
) -> list[PackageRecord]:
    """Return records of channels, each distribution of a channel once."""
    made = [
        _record(chance, chance.choice(channels)) for _ in range(chance.randint(most // 2, most))
    ]
    return list({(each.channel, each.dist_name): each for each in made}.values())


def without_one_dependency(problem: SolveProblem, chance: random.Random) -> SolveProblem:
    """Return the same problem where one record of the index needs one thing less."""
    index = problem.index
    assert isinstance(index, MemoryIndex)
    found = known_records(index)
    needing = [place for place, each in enumerate(found) if each.depends]
    if needing:
        place = chance.choice(needing)
        lines = list(found[place].depends)
        lines.pop(chance.randrange(len(lines)))
        found[place] = replace(found[place], depends=tuple(lines))
    return replace(problem, index=index_like(index, found))


def among_strangers(problem: SolveProblem) -> SolveProblem:
    """Return the same problem in an index with packages more that nobody can need."""
    index = problem.index
    assert isinstance(index, MemoryIndex)
    strangers = [
        PackageRecord(
            name="irrelevant",
            version=version,
            build="0",
            channel="first",
            subdir="linux-64",
            fn=f"irrelevant-{version}-0.conda",
            depends=("a >=2",),
            constrains=("b <2",),
        )
        for version in ("1.0", "2.0")
    ]
    return replace(problem, index=index_like(index, [*strangers, *known_records(index)]))


def shuffled(problem: SolveProblem, chance: random.Random) -> SolveProblem:
    """Return the same problem, its records and what they say in another order."""
    index = problem.index
    assert isinstance(index, MemoryIndex)
    found = [
        replace(
            each,
            depends=tuple(chance.sample(each.depends, len(each.depends))),
            constrains=tuple(chance.sample(each.constrains, len(each.constrains))),
        )
        for each in known_records(index)
    ]
    chance.shuffle(found)
    return replace(problem, index=index_like(index, found))


def known_records(index: MemoryIndex) -> list[PackageRecord]:
    """Return every record of an index, hidden ones too."""
    return [each for found in index.records.values() for each in found]


def index_like(index: MemoryIndex, found: list[PackageRecord]) -> MemoryIndex:
    """Return an index with other records, of the same channels and priority."""
    return MemoryIndex(found, index.channels, index.priority)


def _record(chance: random.Random, channel: str) -> PackageRecord:
    name, version = chance.choice(NAMES), chance.choice(VERSIONS)
    number = chance.choice((0, 0, 1))
    groups: dict[str, Json] = {
        group: list[Json]([_dependency(chance) for _ in range(chance.randint(1, 2))])
        for group in GROUPS
        if chance.random() < 0.15
    }
    return PackageRecord(
        name=name,
        version=version,
        build=f"{number}_{number}",
        build_number=number,
        channel=channel,
        subdir="linux-64",
        fn=f"{name}-{version}-{number}_{number}.conda",
        depends=tuple(
            dict.fromkeys(_dependency(chance) for _ in range(chance.choice((0, 1, 1, 2, 3))))
        ),
        constrains=tuple(dict.fromkeys(_about(chance) for _ in range(chance.choice((0, 0, 0, 1))))),
        track_features=("old",) if chance.random() < 0.1 else (),
        extra={"extra-depends": groups} if groups else {},
    )


def _each_once(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))


def _dependency(chance: random.Random) -> str:
    kind = chance.random()
    if kind < 0.02:
        return "missing"
    if kind < 0.2:
        return _conditional(chance)
    if kind < 0.3:
        return f"{chance.choice(NAMES)}[extras=[{chance.choice(GROUPS)}]]"
    return _about(chance)


def _wish(chance: random.Random) -> str:
    kind = chance.random()
    if kind < 0.1:
        return f"*{chance.choice(LIMITS)}"
    if kind < 0.25:
        return f"{chance.choice(NAMES)}[extras=[{chance.choice(GROUPS)}]]"
    if kind < 0.4:
        return _conditional(chance)
    return f"{chance.choice(NAMES)}{chance.choice(LIMITS)}"


def _pin(chance: random.Random) -> str:
    return _conditional(chance) if chance.random() < 0.3 else _about(chance)


def _conditional(chance: random.Random) -> str:
    form = chance.choice(CONDITIONS)
    condition = form.format(_about(chance), _about(chance))
    return f'{chance.choice(NAMES)}{chance.choice(LIMITS)}[when="{condition}"]'


def _about(chance: random.Random) -> str:
    return f"{chance.choice((*NAMES, *NAMES, '__gpu'))}{chance.choice(LIMITS)}"


def _some(chance: random.Random, items: tuple[str, ...], most: int) -> tuple[str, ...]:
    return tuple(chance.sample(items, chance.randint(0, most)))
