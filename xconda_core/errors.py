"""The root of every failure xconda expects; subclasses live beside the code that raises them.

Layer: ground. An error is data first: its public attributes are the facts that ``--json`` and HTTP
carry, and ``what``, ``why`` and ``fix`` are the three sentences a person reads.
"""

from pathlib import PurePath
from typing import ClassVar, TypeAlias, Union

Json: TypeAlias = Union[bool, int, float, str, list["Json"], dict[str, "Json"], None]  # noqa: UP007 (recursive)


class XcondaError(Exception):
    """What happened, why, what to do next.

    Subclasses set ``code`` (stable once released), and assign ``what``, ``why`` and ``fix`` in
    ``__init__``; every other public attribute is a fact.

    Attributes:
        code: Stable, lower-case, hyphenated name of the kind of failure.
        exit_code: What the command line exits with.
        what: One sentence: what did not happen.
        why: One or more sentences: the cause.
        fix: What the user can do next.
    """

    code: ClassVar[str] = "error"
    exit_code: ClassVar[int] = 1
    what: str
    why: str
    fix: str

    def __str__(self) -> str:
        return f"{self.what}\n  why: {self.why}\n  try: {self.fix}"

    @property
    def in_a_sentence(self) -> str:
        """What and why as one sentence without its full stop, to be put into another."""
        return f"{self.what.rstrip('.')}: {self.why.rstrip('.')}"

    def to_json(self) -> dict[str, Json]:
        """Return the document ``{code, what, why, fix, facts}`` that every surface carries.

        Notes that were added to the error (PEP 678: what plugins have to say of it) are ``hints``.
        """
        words = {"what", "why", "fix"}
        facts = {
            name: as_json(value)
            for name, value in vars(self).items()
            if not name.startswith("_") and name not in words
        }
        hints: list[Json] = [{"text": note} for note in getattr(self, "__notes__", ())]
        return {
            "code": self.code,
            "what": self.what,
            "why": self.why,
            "fix": self.fix,
            "facts": facts,
            **({"hints": hints} if hints else {}),
        }


def as_json(value: object) -> Json:
    """Return ``value`` as plain JSON: values with ``to_json`` speak for themselves."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    speaks = getattr(value, "to_json", None)
    if callable(speaks):
        return as_json(speaks())
    if isinstance(value, dict):
        return {str(key): as_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(item) for item in value]
    if isinstance(value, set | frozenset):
        return sorted((as_json(item) for item in value), key=str)
    if isinstance(value, PurePath):
        return str(value)
    names = getattr(value, "__dataclass_fields__", None)
    if names is not None:
        return {name: as_json(getattr(value, name)) for name in names}
    return str(value)
