"""``dataclass`` and ``NamedTuple``, quick to define: what values here are made with. Layer: ground.

The standard library writes six methods of a dataclass as text and compiles them when the class is
defined: 0.3 ms each, 30 ms for what one command loads. Here the constructor is compiled when it is
called often, and the other methods are closures. To type checkers these are the functions of
``dataclasses``, whose own ``fields``, ``replace`` and ``asdict`` take such values too. See
docs/decisions/0110-what-a-command-loads.md.

Not supported: ``order``, ``InitVar``, and fields inherited from another dataclass.

``typing.NamedTuple`` compiles a constructor for each class, too: 0.1 ms. Here all share one.
"""

import collections
from collections.abc import Callable, Iterable, Mapping
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self, TypeVar

if TYPE_CHECKING:
    from dataclasses import asdict, dataclass, field, fields, replace
    from typing import NamedTuple

__all__ = ["NamedTuple", "asdict", "dataclass", "field", "fields", "replace"]

T = TypeVar("T")
_MISSING: Final = object()
_tuplegetter: Final = getattr(
    collections, "_tuplegetter", None
)  # what namedtuple takes, if it is there
_CALLS_BEFORE_COMPILING: Final = 16


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


class _StandardFields:
    """``__dataclass_fields__``, made when somebody asks for it."""

    __slots__ = ()

    def __get__(self, value: object, owner: type) -> Mapping[str, Any]:
        import dataclasses

        names = []
        for each in owner.__value_fields__:  # type: ignore[attr-defined]
            given: dict[str, Any] = {"compare": each.compare, "repr": each.repr}
            if each.default is not _MISSING:
                given["default"] = each.default
            if each.default_factory is not None:
                given["default_factory"] = each.default_factory
            names.append((each.name, each.type, dataclasses.field(**given)))
        made = dataclasses.make_dataclass(owner.__name__, names, kw_only=True)
        found: Mapping[str, Any] = vars(made)["__dataclass_fields__"]
        return found


def _dataclass(
    cls: type | None = None, *, frozen: bool = False, slots: bool = False, kw_only: bool = False
) -> Any:
    if cls is None:
        return lambda given: _dataclass(given, frozen=frozen, slots=slots, kw_only=kw_only)
    found = _own_fields(cls)
    names = tuple(each.name for each in found)
    left_out = _NOT_COPIED.union(names)
    space = {name: item for name, item in vars(cls).items() if name not in left_out}
    compared = _getter(tuple(each.name for each in found if each.compare))
    space |= {
        "__slots__": names,
        "__value_fields__": found,
        "__dataclass_fields__": _StandardFields(),
        "__match_args__": () if kw_only else names,
        "__qualname__": cls.__qualname__,
    }
    shown = tuple(each.name for each in found if each.repr)
    if space.get("__hash__") is None:  # also what Python puts there beside an own __eq__
        space.pop("__hash__", None)
    for name, method in _methods(names, compared, shown, frozen=frozen).items():
        space.setdefault(name, method)
    if not slots:
        raise TypeError("a value has slots")
    space["__init__"], settle = _first_init(found, kw_only=kw_only)
    made = type(cls)(cls.__name__, cls.__bases__, space)
    settle(made)
    return made


_NOT_COPIED: Final = frozenset({"__dict__", "__weakref__"})


def _own_fields(cls: type) -> tuple[_Field, ...]:
    own, bases = vars(cls), cls.__bases__
    if bases != (object,) and any(hasattr(base, "__dataclass_fields__") for base in bases):
        raise TypeError(f"{cls.__name__} inherits fields, which values here do not")
    found = []
    for name, annotation in own.get("__annotations__", {}).items():
        if getattr(annotation, "__origin__", annotation) is ClassVar:
            continue
        given = own.get(name, _MISSING)
        each = given if isinstance(given, _Field) else _Field(given)
        each.name, each.type = name, annotation
        found.append(each)
    return tuple(found)


def _getter(names: tuple[str, ...]) -> Callable[[Any], object]:
    return attrgetter(*names) if names else lambda _: ()


def _methods(
    names: tuple[str, ...],
    compared: Callable[[Any], object],
    shown: tuple[str, ...],
    *,
    frozen: bool,
) -> dict[str, object]:
    def equals(self: object, other: object) -> object:
        if other.__class__ is not self.__class__:
            return NotImplemented
        return compared(self) == compared(other)

    def hashed(self: object) -> int:
        return hash(compared(self))

    def shows(self: object) -> str:
        told = ", ".join(f"{name}={getattr(self, name)!r}" for name in shown)
        return f"{type(self).__qualname__}({told})"

    def state(self: object) -> list[object]:
        return [getattr(self, name) for name in names]

    def restore(self: object, items: list[object]) -> None:
        for name, item in zip(names, items, strict=True):
            object.__setattr__(self, name, item)

    methods: dict[str, object] = {
        "__eq__": equals,
        "__hash__": hashed if frozen else None,
        "__repr__": shows,
    }
    if frozen:
        methods |= {
            "__setattr__": _refuse_setting,
            "__delattr__": _refuse_deleting,
            "__getstate__": state,
            "__setstate__": restore,
        }
    return methods


def _refuse_setting(self: object, name: str, value: object) -> None:
    del self, value
    raise _frozen_error(f"cannot assign to field {name!r}")


def _refuse_deleting(self: object, name: str) -> None:
    del self
    raise _frozen_error(f"cannot delete field {name!r}")


def _frozen_error(text: str) -> AttributeError:
    from dataclasses import FrozenInstanceError

    return FrozenInstanceError(text)


def _first_init(
    found: tuple[_Field, ...], *, kw_only: bool
) -> tuple[Callable[..., None], Callable[[type], None]]:
    """Return a constructor that replaces itself by the compiled one when it is called often.

    Nearly all classes of a process are made fewer times than compiling takes (0.1 ms). What is
    given wrongly is for the compiled one to refuse, in the interpreter's words. The constructor is
    there before its class, of which the second function tells it: putting it into a class that is
    there costs half as much as making one.
    """
    cls: type
    rooms: tuple[Callable[..., None], ...] = ()
    most = 0 if kw_only else len(found)
    calls = 0

    def settle(made: type) -> None:
        nonlocal cls
        cls = made

    def __init__(self: object, *given: object, **named: object) -> None:  # noqa: N807
        nonlocal calls, rooms
        calls += 1
        few = calls <= _CALLS_BEFORE_COMPILING and len(given) <= most
        values = _in_order(found, given, named) if few else None
        if values is None:
            cls.__init__ = made = _compiled_init(cls, found, kw_only=kw_only)  # type: ignore[misc]
            made(self, *given, **named)
            return
        if not rooms:  # all at once: another thread may be at the same place
            rooms = tuple(vars(cls)[each.name].__set__ for each in found)
        for fill, value in zip(rooms, values, strict=True):
            fill(self, value)
        if hasattr(cls, "__post_init__"):
            self.__post_init__()  # type: ignore[attr-defined]

    return __init__, settle


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


def _compiled_init(cls: type, found: tuple[_Field, ...], *, kw_only: bool) -> Callable[..., None]:
    """Return ``__init__`` with a parameter for each field; it fills the slots directly."""
    space: dict[str, object] = {"_MISSING": _MISSING}
    parameters, body = ["self", *(["*"] if kw_only and found else [])], []
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
    found: tuple[_Field, ...] = value.__value_fields__  # type: ignore[attr-defined]
    return found


def _replace(value: T, /, **changes: object) -> T:
    for each in _fields(value):
        changes.setdefault(each.name, getattr(value, each.name))
    return type(value)(**changes)


def _asdict(value: object) -> dict[str, object]:
    return {each.name: _plain(getattr(value, each.name)) for each in _fields(value)}


def _plain(item: object) -> object:
    if hasattr(item, "__value_fields__"):
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
        made._fields = names
        made.__match_args__ = names  # type: ignore[misc]
        made._field_defaults = {each: vars(cls)[each] for each in names if each in vars(cls)}
        for at, each in enumerate(names):
            setattr(made, each, _place(at))

    def __new__(cls, *given: object, **named: object) -> Self:
        if named or len(given) != len(cls._fields):
            given = cls._in_order(given, named)
        return tuple.__new__(cls, given)

    @classmethod
    def _make(cls, items: Iterable[object]) -> Self:
        return cls(*items)

    @classmethod
    def _in_order(cls, given: tuple[object, ...], named: dict[str, object]) -> tuple[object, ...]:
        """Return an item for each place; raise :class:`TypeError` where that cannot be."""
        rest, items = cls._fields[len(given) :], {**cls._field_defaults, **named}
        strange = named.keys() - set(rest)
        missing = [name for name in rest if name not in items]
        if strange or missing or len(given) > len(cls._fields):
            told = f"takes {', '.join(cls._fields)}, not {len(given)} and {', '.join(named)}"
            raise TypeError(f"{cls.__name__} {told}")
        return (*given, *map(items.__getitem__, rest))

    def _replace(self, **changes: object) -> Self:
        return type(self)(**{**dict(zip(self._fields, self, strict=True)), **changes})

    def __getnewargs__(self) -> tuple[object, ...]:
        return tuple(self)

    def __repr__(self) -> str:
        told = ", ".join(f"{name}={item!r}" for name, item in zip(self._fields, self, strict=True))
        return f"{type(self).__name__}({told})"


if not TYPE_CHECKING:
    dataclass, field, fields, replace, asdict = _dataclass, _Field, _fields, _replace, _asdict
    NamedTuple = _NamedTuple
