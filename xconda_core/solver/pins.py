"""The pins of a request, read and checked: each about one package, one per name and place.

Layer: solver. Pure.
"""

from collections.abc import Mapping
from typing import ClassVar

from xconda_core.errors import XcondaError
from xconda_core.models.match_spec import InvalidMatchSpec, MatchSpec
from xconda_core.solver.dependency_conditions import alternatives
from xconda_core.solver.request import Request

ASIDE = "or set pins aside with --no-pin."


class InvalidPin(XcondaError):
    """A pin cannot be honoured as it is written.

    Attributes:
        pin: The pin, as written.
        place: The file or setting that has it.
    """

    code: ClassVar[str] = "invalid-pin"

    def __init__(self, pin: str, place: str, reason: str) -> None:
        super().__init__(pin, place, reason)
        self.pin, self.place = pin, place
        self.what = f"Nothing was changed: the pin '{pin}' cannot be honoured."
        self.why = f"it is in {place}, and {reason}."
        self.fix = f"write NAME and what its version must be, as in `python 3.12.*`; {ASIDE}"


class PinsOfOneName(XcondaError):
    """One place pins the same package twice, each time differently.

    Attributes:
        pins: The pins, as written.
        place: The file or setting that has them.
    """

    code: ClassVar[str] = "pins-of-one-name"

    def __init__(self, one: str, other: str, place: str) -> None:
        super().__init__(one, other, place)
        self.pins, self.place = (one, other), place
        self.what = f"Nothing was changed: '{one}' and '{other}' pin the same package."
        self.why = f"both are in {place}, and it is not said which of them counts."
        self.fix = f"leave one of them there, {ASIDE}"


def read_pins(request: Request) -> Mapping[MatchSpec, str]:
    """Return every pin, and where it is written.

    Raises:
        InvalidPin: one cannot be read, or is not about one package.
        PinsOfOneName: one place has two for a package.
    """
    pins: dict[MatchSpec, str] = {}
    known: dict[tuple[str, str], tuple[MatchSpec, str]] = {}
    for text, place in request.pins:
        try:
            pin = request.read(text)
        except InvalidMatchSpec as error:
            raise InvalidPin(text, place, f"it is no MatchSpec: {error.reason}") from error
        if not pin.is_exact_name:
            raise InvalidPin(text, place, "a pin is about one package")
        if alternatives(pin.when) is None:
            raise InvalidPin(text, place, "its condition is not about single packages")
        before, written = known.setdefault((place, pin.name), (pin, text))
        if before != pin:
            raise PinsOfOneName(written, text, place)
        pins.setdefault(pin, place)
    return pins
