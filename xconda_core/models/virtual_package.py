"""A fact of the machine that packages can depend on. Layer: models. Source: CEP 30."""

from xconda_core.values import dataclass


@dataclass(frozen=True, slots=True)
class VirtualPackage:
    """One virtual package.

    Attributes:
        name: Name with its two leading underscores, for example ``__glibc``.
        version: Version literal, ``0`` where the fact has none.
        build: Build string, ``0`` where the fact has none; ``__archspec`` keeps its value here.
    """

    name: str
    version: str = "0"
    build: str = "0"

    def __str__(self) -> str:
        return f"{self.name}={self.version}={self.build}"
