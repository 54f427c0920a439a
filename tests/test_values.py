"""Values behave as dataclasses do, whoever asks."""

import copy
import dataclasses
import pickle
import sys
import threading
from abc import ABC, abstractmethod
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import ClassVar
from typing import NamedTuple as Standard

import msgspec
import pytest

from xconda_core.values import NamedTuple, Slotted, asdict, dataclass, field, fields, replace


@dataclass(frozen=True, slots=True)
class Point(Slotted):
    """A place."""

    x: int
    y: int = 0
    note: str = field(default="", compare=False, repr=False)
    tags: Mapping[str, int] = field(default_factory=dict)
    unit: ClassVar[str] = "m"

    def __post_init__(self) -> None:
        if self.x < 0:
            raise ValueError("left of everything")


@dataclass(frozen=True, slots=True, kw_only=True)
class Named(Slotted):
    """Fields by name only; what has no default may follow what has one."""

    first: int = 1
    second: int


@dataclass(slots=True)
class Counter(Slotted):
    """Changes."""

    count: int = 0
    seen: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Own(Slotted):
    """Equal by its first letter."""

    text: str

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Own) and self.text[0] == other.text[0]

    def __hash__(self) -> int:
        return hash(self.text[0])

    def __repr__(self) -> str:
        return self.text


def test_equality_and_hash_are_those_of_the_fields_that_count() -> None:
    assert Point(1, note="a", tags={}) == Point(1, note="b")
    assert Point(1) != Point(2)
    assert Point(1).__eq__(Counter(1)) is NotImplemented
    assert hash(Named(second=2)) == hash(Named(first=1, second=2))


def test_each_value_has_a_default_of_its_own() -> None:
    one, other = Counter(), Counter()
    one.seen.append(1)
    assert other.seen == []


def test_a_frozen_value_cannot_be_changed() -> None:
    point = Point(1)
    with pytest.raises(dataclasses.FrozenInstanceError, match="x"):
        point.x = 2  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError, match="y"):
        del point.y
    with pytest.raises(AttributeError):
        object.__setattr__(point, "z", 2)


def test_a_value_that_changes_has_no_hash() -> None:
    counter = Counter()
    counter.count += 1
    assert counter == Counter(1)
    with pytest.raises(TypeError):
        hash(counter)


def test_own_methods_stay() -> None:
    assert Own("apple") == Own("ananas")
    assert {Own("apple"), Own("ananas")} == {Own("apple")}
    assert repr(Own("apple")) == "apple"


def test_what_is_shown_leaves_out_what_is_not_to_be() -> None:
    assert repr(Point(1, note="secret")) == "Point(x=1, y=0, tags={})"


def test_arguments_are_checked_from_the_first_call_on() -> None:
    for _ in range(2):
        with pytest.raises(TypeError, match="x"):
            Point()  # type: ignore[call-arg]
        with pytest.raises(TypeError, match="positional"):
            Named(1, 2)  # type: ignore[call-arg]
        with pytest.raises(ValueError, match="left"):
            Point(-1)


def test_copies_are_equal() -> None:
    point = Point(1, tags={"a": 1})
    assert copy.copy(point) == point
    assert copy.deepcopy(point) == point
    assert copy.deepcopy(point).tags is not point.tags
    assert pickle.loads(pickle.dumps(Named(second=3))) == Named(second=3)


def test_the_functions_of_dataclasses_take_values() -> None:
    point = Point(1, 2, "n")
    assert dataclasses.is_dataclass(point)
    assert [each.name for each in dataclasses.fields(Point)] == ["x", "y", "note", "tags"]
    assert dataclasses.replace(point, x=3) == replace(point, x=3) == Point(3, 2)
    assert replace(point, x=3).note == "n"
    assert dataclasses.asdict(point) == asdict(point)
    assert [each.name for each in fields(point)] == ["x", "y", "note", "tags"]


def test_values_within_values_become_plain_too() -> None:
    whole = Counter(seen=[1])
    assert asdict(Own("a")) == {"text": "a"}
    assert asdict(Point(1, tags={"deep": 2}))["tags"] == {"deep": 2}
    assert asdict(whole)["seen"] is not whole.seen


def test_a_class_is_made_once() -> None:
    made = []

    class Counted:
        __slots__ = ()

        def __init_subclass__(cls) -> None:
            made.append(cls)

    @dataclass(frozen=True, slots=True)
    class Once(Slotted, Counted):
        x: int

        def itself(self) -> type:
            return __class__  # type: ignore[name-defined,no-any-return]

    assert made == [Once]
    assert Once(1).itself() is Once
    assert type(Once) is type


def test_bases_may_be_abstract() -> None:
    class Sized(ABC):
        __slots__ = ()

        @abstractmethod
        def size(self) -> int: ...

    @dataclass(frozen=True, slots=True)
    class Box(Slotted, Sized):
        x: int

        def size(self) -> int:
            return self.x

    @dataclass(frozen=True, slots=True)
    class Hole(Slotted, Sized):
        x: int

    assert Box(2).size() == 2
    with pytest.raises(TypeError, match="abstract"):
        Hole(1)  # type: ignore[abstract]


def test_what_would_be_made_twice_or_inherit_fields_is_refused() -> None:
    make = dataclass(frozen=True, slots=True)

    with pytest.raises(TypeError, match="Slotted"):
        make(type("Plain", (), {}))
    with pytest.raises(TypeError, match="Slotted"):
        make(type("More", (Point,), {}))


def test_patterns_match_by_position() -> None:
    match Point(1, 2):
        case Point(x, y):
            assert (x, y) == (1, 2)


def test_a_constructor_does_the_same_before_and_after_it_is_compiled() -> None:
    @dataclass(frozen=True, slots=True)
    class Often(Slotted):
        x: int
        y: int = 0
        tags: list[int] = field(default_factory=list)

    def all_ways() -> list[Often]:
        return [Often(1), Often(1, 2), Often(x=1), Often(1, tags=[3]), Often(1, 2, [3])]

    first = all_ways()
    assert [all_ways() for _ in range(20)] == [first] * 20
    assert Often(1).tags is not Often(1).tags


@pytest.mark.parametrize(
    ("given", "named"), [((), {}), ((1,), {"x": 1}), ((1,), {"z": 1}), ((1, 2, 3), {})]
)
def test_a_first_call_that_is_wrong_is_refused_as_any_other(
    given: tuple[int, ...], named: dict[str, int]
) -> None:
    @dataclass(frozen=True, slots=True)
    class Fresh(Slotted):
        x: int
        y: int = 0

    with pytest.raises(TypeError, match="__init__"):
        Fresh(*given, **named)
    assert Fresh(1, y=2) == Fresh(1, 2)


def test_threads_may_make_the_first_instances_of_a_class_at_once() -> None:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as pool:
            for _ in range(200):
                made = type(
                    "Wide", (Slotted,), {"__annotations__": {f"f{n}": int for n in range(40)}}
                )
                cls: type = dataclass(frozen=True, slots=True)(made)
                threads = threading.Barrier(4)

                def first(cls: type = cls, threads: threading.Barrier = threads) -> object:
                    threads.wait()
                    return cls(*range(40))

                assert len({*pool.map(lambda _: first(), range(4))}) == 1
    finally:
        sys.setswitchinterval(before)


class Place(NamedTuple):
    """A name and a number."""

    name: str
    number: int = 7

    @property
    def label(self) -> str:
        """Both."""
        return f"{self.name} {self.number}"


class StandardPlace(Standard):
    """The same, as Python makes it."""

    name: str
    number: int = 7


@pytest.mark.parametrize(
    ("given", "named"),
    [(("a",), {}), (("a", 1), {}), ((), {"name": "a"}), (("a",), {"number": 2})],
)
def test_a_tuple_with_names_is_made_as_pythons_are(
    given: tuple[object, ...], named: Mapping[str, object]
) -> None:
    place, standard = Place(*given, **named), StandardPlace(*given, **named)  # type: ignore[arg-type]
    assert tuple(place) == tuple(standard)
    assert (place.name, place.number) == (standard.name, standard.number)
    assert repr(place) == repr(standard).removeprefix("Standard")
    assert tuple(place._replace(number=9)) == tuple(standard._replace(number=9))
    assert place._fields == standard._fields
    assert hash(place) == hash(standard)
    assert copy.copy(place) == pickle.loads(pickle.dumps(place)) == place
    assert type(copy.deepcopy(place)) is Place


@pytest.mark.parametrize(
    ("given", "named"),
    [((), {}), (("a", 1, 2), {}), (("a",), {"name": "b"}), (("a",), {"colour": "red"})],
)
def test_a_tuple_with_names_takes_one_item_for_each(
    given: tuple[object, ...], named: Mapping[str, object]
) -> None:
    for made in (Place, StandardPlace):
        with pytest.raises(TypeError):
            made(*given, **named)  # type: ignore[arg-type]


def test_a_tuple_with_names_is_taken_apart_and_has_its_own_attributes() -> None:
    match Place("a"):
        case Place(name, number):
            assert (name, number) == ("a", 7)
    name, _ = place = Place._make(["b", 1])
    assert (name, place.label) == ("b", "b 1")
    assert msgspec.json.decode(b'["c"]', type=Place) == Place("c")
    assert msgspec.json.encode(Place("c")) == b'["c",7]'
    with pytest.raises(AttributeError):
        place.name = "c"  # type: ignore[misc]


def test_replacing_what_is_no_field_is_refused() -> None:
    with pytest.raises(TypeError, match="Named has no third"):
        replace(Named(second=2), third=3)  # type: ignore[call-arg]
