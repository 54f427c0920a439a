"""One change of what is asked that would do instead. Layer: solver (values only)."""

from typing import Literal

from xconda_core.values import Slotted, dataclass

RelaxationKind = Literal[
    "version",
    "build",
    "name",
    "pin",
    "frozen",
    "excluded",
    "machine",
    "drop",
    "remove",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxation(Slotted):
    """One change of what is asked, which with the others beside it lets the rest be had.

    Attributes:
        kind: ``version``: ask for another version; ``build``: leave the build open; ``name``: name
            the package too, so that it may change; ``pin``: change a pin; ``frozen``: let installed
            packages change; ``excluded``: allow what may not be installed; ``machine``: it is for a
            machine with another fact; ``drop``: do without the package; ``remove``: remove it
            first, which takes nothing else along that was asked for.
        name: The package.
        spec: What is asked now, in its author's words.
        version: What it would become, for ``build`` its build; empty where it goes or is open.
    """

    kind: RelaxationKind
    name: str
    spec: str
    version: str = ""

    @property
    def words(self) -> str:
        """What to do, in the imperative."""
        match self.kind:
            case "version":
                return f"ask for {self.name}={self.version} instead of {self.spec}"
            case "build":
                return f"leave the build out of {self.spec}: it becomes {self.version}"
            case "name":
                return f"ask for {self.name} too, which becomes {self.version}"
            case "pin":
                example = f", for example to {self.name}={self.version}" if self.version else ""
                return f"change the pin {self.spec}{example}, or set it aside with --no-pin"
            case "frozen":
                return f"leave --freeze-installed out: {self.name} becomes {self.version}"
            case "excluded":
                return f"take {self.spec} out of disallowed_packages"
            case "machine":
                fact = self.name.removeprefix("__").upper()
                value = f"={self.version}" if self.version else " to what that one has"
                return f"if it is for another machine, set CONDA_OVERRIDE_{fact}{value}"
            case "drop" | "remove":
                is_drop = self.kind == "drop"
                return f"do without {self.spec}" if is_drop else f"remove {self.name}"


Way = tuple[Relaxation, ...]  # changes that are to be made together
