"""``dataclass``, ``NamedTuple`` and ``Protocol``, quick to define. Layer: ground.

The standard library writes six methods of a dataclass as text and compiles them when the class is
defined: 0.3 ms each, 30 ms for what one command loads. Here the constructor is compiled when it is
called often, and the other methods are those of a base class. To type checkers these are the
functions of ``dataclasses``, whose own ``fields``, ``replace`` and ``asdict`` take such values too.
A value class has the base ``Slotted``, so that it is made once, and not a second time with slots.
See docs/decisions/0110-what-a-command-loads.md and 0214.

Not supported: ``order``, ``InitVar``, and fields inherited from another dataclass.

``typing.NamedTuple`` compiles a constructor for each class, too: 0.1 ms. Here all share one.
"""

import collections
from abc import ABCMeta
from collections.abc import Callable, Iterable, Mapping
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self, TypeVar

if TYPE_CHECKING:
    from dataclasses import asdict, dataclass, field, fields, replace
    from typing import NamedTuple, Protocol

    class Slotted:
        """The base of each class that has the decorator ``dataclass``."""

        __slots__ = ()


__all__ = [
    "NamedTuple",
    "Protocol",
    "Slotted",
    "asdict",
    "dataclass",
    "field",
    "fields",
    "filled",
    "replace",
]

T = TypeVar("T")
_MISSING: Final = object()
_tuplegetter: Final = getattr(
    collections, "_tuplegetter", None
)  # what namedtuple takes, if it is there
_CALLS_BEFORE_COMPILING: Final = 150


class _Field:
    """One field of a value class; what :func:`field` returns until its class names it."""

    __slots__ = ("compare", "default", "default_factory", "name", "repr", "type")

    def __init__(
        self,
        default: object = _MISSING,
        default_factory: Callable[[], object] | None = None,
        *,
        compare: bool = True,
        hash: bool | None = None,  # noqa: A002 (the name it has in dataclasses)
        repr: bool = True,  # noqa: A002
    ) -> None:
        if hash not in (None, compare):
            raise TypeError("a field counts in the hash where it counts in comparisons")
        self.name = ""
        self.type: object = None
        self.default = default
        self.default_factory = default_factory
        self.compare = compare
        self.repr = repr


class _Shape:
    """What the methods of one value class know of it."""

    __slots__ = ("calls", "compared", "fields", "kw_only", "names", "owner", "rooms")

    def __init__(self, fields: tuple[_Field, ...], *, kw_only: bool) -> None:
        self.fields = fields
        self.kw_only = kw_only
        self.names = tuple([each.name for each in fields])
        compared = [each.name for each in fields if each.compare]
        self.compared: Callable[[Any], object] = attrgetter(*compared) if compared else _nothing
        self.calls = 0
        self.rooms: tuple[Callable[..., None], ...] = ()

    owner: type

    def fill(self, value: object, items: Iterable[object]) -> None:
        """Put ``items`` into the fields of ``value``, and have it look at them."""
        if not self.rooms:  # all at once: another thread may be at the same place
            own = vars(self.owner)
            self.rooms = tuple([own[name].__set__ for name in self.names])
        for put, item in zip(self.rooms, items, strict=True):
            put(value, item)
        if hasattr(value, "__post_init__"):
            value.__post_init__()


def _nothing(value: object) -> object:
    del value
    return ()


class _StandardFields:
    """``__dataclass_fields__``, made when somebody asks for it."""

    __slots__ = ()

    def __get__(self, value: object, owner: Any) -> Mapping[str, Any]:
        import dataclasses

        names = []
        for each in owner.__shape__.fields:
            given: dict[str, Any] = {"compare": each.compare, "repr": each.repr}
            if each.default is not _MISSING:
                given["default"] = each.default
            if each.default_factory is not None:
                given["default_factory"] = each.default_factory
            names.append((each.name, each.type, dataclasses.field(**given)))
        made = dataclasses.make_dataclass(owner.__name__, names, kw_only=True)
        found: Mapping[str, Any] = vars(made)["__dataclass_fields__"]
        return found


class _Value:
    """What all values can do; they never change, unless their class says so."""

    __slots__ = ()
    __shape__: ClassVar[_Shape]
    __dataclass_fields__ = _StandardFields()

    def __init__(self, /, *given: object, **named: object) -> None:
        """Fill the fields, and leave that to a compiled constructor when it is called often.

        Nearly all classes of a process are made fewer times than compiling takes (0.1 ms). What is
        given wrongly is for the compiled one to refuse, in the interpreter's words.
        """
        shape = self.__shape__
        shape.calls += 1
        by_place = 0 if shape.kw_only else len(shape.names)
        few = shape.calls <= _CALLS_BEFORE_COMPILING and len(given) <= by_place
        items = _in_order(shape.fields, given, named) if few else None
        if items is None:
            made = _compiled_init(shape)
            shape.owner.__init__ = made  # type: ignore[misc]
            made(self, *given, **named)
        else:
            shape.fill(self, items)

    def __eq__(self, other: object) -> bool:
        if other.__class__ is not self.__class__:
            return NotImplemented
        compared = self.__shape__.compared
        return compared(self) == compared(other)

    def __hash__(self) -> int:
        return hash(self.__shape__.compared(self))

    def __repr__(self) -> str:
        shown = [each.name for each in self.__shape__.fields if each.repr]
        told = ", ".join(f"{name}={getattr(self, name)!r}" for name in shown)
        return f"{type(self).__qualname__}({told})"

    def __setattr__(self, name: str, value: object) -> None:
        raise _frozen_error(f"cannot assign to field {name!r}")

    def __delattr__(self, name: str) -> None:
        raise _frozen_error(f"cannot delete field {name!r}")

    def __getstate__(self) -> list[object]:
        return [getattr(self, name) for name in self.__shape__.names]

    def __setstate__(self, items: list[object]) -> None:
        for name, item in zip(self.__shape__.names, items, strict=True):
            object.__setattr__(self, name, item)


_CHANGING: Final[Mapping[str, object]] = {
    "__setattr__": object.__setattr__,
    "__delattr__": object.__delattr__,
    "__hash__": None,
}


def _frozen_error(text: str) -> AttributeError:
    from dataclasses import FrozenInstanceError

    return FrozenInstanceError(text)


class _Draft:
    """A class whose body has been read, and which the decorator makes."""

    __slots__ = ("bases", "name", "space")

    def __init__(self, name: str, bases: tuple[type, ...], space: dict[str, Any]) -> None:
        self.name, self.bases, self.space = name, bases, space


class _Drafts(ABCMeta):
    """Makes a draft of each class with the base ``Slotted``, whatever its other bases are.

    Python makes a class before a decorator sees it, and slots cannot be added to one that is made.
    Classes cost more than anything else of a start, so none is made for nothing.
    """

    def __new__(cls, name: str, bases: tuple[type, ...], space: dict[str, Any]) -> Any:
        return _Draft(name, bases, space)


_Drafted: Final = type.__new__(_Drafts, "Slotted", (), {})


def _dataclass(*, frozen: bool = False, slots: bool = False, kw_only: bool = False) -> Any:
    if not slots:
        raise TypeError("a value has slots")
    return lambda draft: _made(draft, frozen=frozen, kw_only=kw_only)


def _made(draft: _Draft, *, frozen: bool, kw_only: bool) -> type:
    if type(draft) is not _Draft:
        raise TypeError(f"{draft} needs the base Slotted, and no fields of another value")
    space = draft.space
    shape = _Shape(_own_fields(space), kw_only=kw_only)
    for name in shape.names:
        space.pop(name, None)
    space["__slots__"] = shape.names
    space["__shape__"] = shape
    space["__match_args__"] = () if kw_only else shape.names
    if "__eq__" in space:  # Python takes its hash from a class that says no more
        space.setdefault("__hash__", _Value.__hash__)
    if not frozen:
        space.update(_CHANGING)
    bases = tuple([_Value if each is _Drafted else each for each in draft.bases])
    shape.owner = type(draft.name, bases, space)
    return shape.owner


_Parametrised: Final[Any] = type(ClassVar[int])


def _own_fields(space: Mapping[str, Any]) -> tuple[_Field, ...]:
    found = []
    for name, annotation in space.get("__annotations__", {}).items():
        if type(annotation) is _Parametrised and annotation.__origin__ is ClassVar:
            continue
        given = space.get(name, _MISSING)
        each = given if type(given) is _Field else _Field(given)
        each.name, each.type = name, annotation
        found.append(each)
    return tuple(found)


def _in_order(
    found: tuple[_Field, ...], given: tuple[object, ...], named: dict[str, object]
) -> list[object] | None:
    """Return the value of each field; None where what is given is not what they take."""
    values, taken = [*given], 0
    for each in found[len(given) :]:
        if each.name in named:
            values.append(named[each.name])
            taken += 1
        elif each.default is not _MISSING:
            values.append(each.default)
        elif each.default_factory is not None:
            values.append(each.default_factory())
        else:
            return None
    return values if taken == len(named) else None


def _compiled_init(shape: _Shape) -> Callable[..., None]:
    """Return ``__init__`` with a parameter for each field; it fills the slots directly."""
    cls, found = shape.owner, shape.fields
    space: dict[str, object] = {"_MISSING": _MISSING}
    parameters, body = ["self", *(["*"] if shape.kw_only and found else [])], []
    for each in found:
        name = each.name
        space[f"_set_{name}"] = vars(cls)[name].__set__
        given = name
        if each.default_factory is not None:
            space[f"_make_{name}"] = each.default_factory
            given = f"_make_{name}() if {name} is _MISSING else {name}"
            parameters.append(f"{name}=_MISSING")
        elif each.default is not _MISSING:
            space[f"_default_{name}"] = each.default
            parameters.append(f"{name}=_default_{name}")
        else:
            parameters.append(name)
        body.append(f"_set_{name}(self, {given})")
    if hasattr(cls, "__post_init__"):
        body.append("self.__post_init__()")
    text = f"def __init__({', '.join(parameters)}):\n " + "\n ".join(body or ["pass"])
    exec(text, space)  # noqa: S102 (as dataclasses does; nothing but names of fields is in it)
    made: Callable[..., None] = space["__init__"]  # type: ignore[assignment]
    made.__qualname__ = f"{cls.__qualname__}.__init__"
    return made


def _fields(value: object) -> tuple[_Field, ...]:
    found: tuple[_Field, ...] = value.__shape__.fields  # type: ignore[attr-defined]
    return found


def _replace(value: T, /, **changes: object) -> T:
    shape: _Shape = value.__shape__  # type: ignore[attr-defined]
    items = {name: getattr(value, name) for name in shape.names} | changes
    if len(items) > len(shape.names):
        raise TypeError(f"{shape.owner.__name__} has no {', '.join(changes.keys() - shape.names)}")
    made = object.__new__(type(value))
    shape.fill(made, items.values())
    return made


def filled(kind: type[T], items: Iterable[object]) -> T:
    """Return a value of ``kind`` with an item for each of its fields, in their order.

    For what is made by the hundred and checked before: nothing is matched with names and defaults.
    """
    made = object.__new__(kind)
    kind.__shape__.fill(made, items)  # type: ignore[attr-defined]
    return made


def _asdict(value: object) -> dict[str, object]:
    return {each.name: _plain(getattr(value, each.name)) for each in _fields(value)}


def _plain(item: object) -> object:
    if hasattr(item, "__shape__"):
        return _asdict(item)
    if isinstance(item, list | tuple):
        return type(item)(map(_plain, item))
    if isinstance(item, dict):
        return {_plain(key): _plain(each) for key, each in item.items()}
    return item


def _place(at: int) -> object:
    """Return an attribute that is what a tuple has at place ``at``."""
    return property(itemgetter(at)) if _tuplegetter is None else _tuplegetter(at, "")


class _NamedTuple(tuple[Any, ...]):
    """A tuple whose places have names."""

    _fields: ClassVar[tuple[str, ...]]
    _field_defaults: ClassVar[Mapping[str, object]]

    def __init_subclass__(cls) -> None:
        """Give each place the name that the annotations say."""
        super().__init_subclass__()
        made: Any = cls
        names = tuple(made.__annotations__)
        if not names:  # of a subclass, which has the places of its base
            return
        made._fields = names
        made.__match_args__ = names  # type: ignore[misc]
        made._field_defaults = {each: vars(cls)[each] for each in names if each in vars(cls)}
        for at, each in enumerate(names):
            setattr(made, each, _place(at))

    def __new__(cls, *given: object, **named: object) -> Self:
        if named or len(given) != len(cls._fields):
            given = cls._in_order(given, named)
        return tuple.__new__(cls, given)

    _make: Any = classmethod(tuple.__new__)  # quickest: what it gets is believed

    @classmethod
    def _in_order(cls, given: tuple[object, ...], named: dict[str, object]) -> tuple[object, ...]:
        """Return an item for each place; raise :class:`TypeError` where that cannot be."""
        items, defaults = [*given], cls._field_defaults
        missing = len(cls._fields) - len(items)
        if not named and 0 < missing <= len(defaults):  # no field with a default is before others
            return (*given, *[*defaults.values()][-missing:])
        for name in cls._fields[len(given) :]:
            if name in named:
                items.append(named.pop(name))
            elif name in defaults:
                items.append(defaults[name])
        if named or len(items) != len(cls._fields):
            told = f"takes {', '.join(cls._fields)}, not {len(given)} and {', '.join(named)}"
            raise TypeError(f"{cls.__name__} {told}")
        return tuple(items)

    def _asdict(self) -> dict[str, object]:
        return dict(zip(self._fields, self, strict=True))

    def _replace(self, **changes: object) -> Self:
        return type(self)(**{**self._asdict(), **changes})

    def __getnewargs__(self) -> tuple[object, ...]:
        return tuple(self)

    def __repr__(self) -> str:
        told = ", ".join(f"{name}={item!r}" for name, item in zip(self._fields, self, strict=True))
        return f"{type(self).__name__}({told})"


class _Protocol:
    """What only type checkers look at: nobody asks at run time whether something is of such a kind.

    A class of ``typing.Protocol`` is an abstract base class, and takes twice as long to define.
    """

    __slots__ = ()


if not TYPE_CHECKING:
    dataclass, field, fields, replace, asdict = _dataclass, _Field, _fields, _replace, _asdict
    NamedTuple, Protocol, Slotted = _NamedTuple, _Protocol, _Drafted
