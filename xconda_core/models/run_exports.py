"""What a package asks of those that are built with it. Layer: models. Source: CEP 12 and CEP 34."""

from xconda_core.errors import Json
from xconda_core.values import Slotted, dataclass, fields


class InvalidRunExports(ValueError):
    """A document is not one of run exports; the message names the field and what it holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunExports(Slotted):
    """The ``run_exports`` of one package: MatchSpec texts that a build adds to its own package.

    Attributes:
        weak: To the run dependencies, where this package is a host dependency.
        strong: To the host and run dependencies, where this package is a build dependency.
        noarch: To the run dependencies of packages for all platforms.
        weak_constrains: As ``weak``, to the constraints.
        strong_constrains: As ``strong``, to the constraints.
    """

    weak: tuple[str, ...] = ()
    strong: tuple[str, ...] = ()
    noarch: tuple[str, ...] = ()
    weak_constrains: tuple[str, ...] = ()
    strong_constrains: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, document: Json) -> "RunExports":
        """Read ``info/run_exports.json``, or one entry of a channel's ``run_exports.json``.

        A list is a dictionary that has only ``weak`` (CEP 34); fields of later schemas are left.

        Raises:
            InvalidRunExports: it is neither, or a field is no list of texts.
        """
        listed: Json = {"weak": document} if isinstance(document, list) else document
        if not isinstance(listed, dict):
            raise InvalidRunExports(f"run_exports must be an object or a list, not {document!r}")
        return cls(**{item.name: _texts(listed, item.name) for item in fields(cls)})

    def by_kind(self) -> dict[str, tuple[str, ...]]:
        """Return the texts by the name of their field, without fields that are empty."""
        values: dict[str, tuple[str, ...]] = {
            item.name: getattr(self, item.name) for item in fields(self)
        }
        return {name: value for name, value in values.items() if value}

    def to_json(self) -> dict[str, Json]:
        """Return the entry as a channel's ``run_exports.json`` writes it: empty where it is."""
        return {name: list(value) for name, value in self.by_kind().items()}


def _texts(document: dict[str, Json], key: str) -> tuple[str, ...]:
    value = document.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise InvalidRunExports(f"{key} must be a list of texts, not {value!r}")
    return tuple(map(str, value))
