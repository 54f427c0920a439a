"""A fact of the machine that packages can depend on. Layer: models. Source: CEP 30."""

from collections.abc import Callable


class VirtualPackage:
    """One virtual package; equal by its three texts.

    Attributes:
        name: Name with its two leading underscores, for example ``__glibc``.
        version: Version literal, ``0`` where the fact has none.
    """

    __slots__ = ("_build", "name", "version")

    def __init__(self, name: str, version: str = "0", build: str | Callable[[], str] = "0") -> None:
        """Keep the facts.

        Args:
            name: With its underscores.
            version: Version literal.
            build: Build string, or what finds it out when it is asked for.
        """
        self.name = name
        self.version = version
        self._build = build

    @property
    def build(self) -> str:
        """Build string, ``0`` where the fact has none; ``__archspec`` keeps its value here."""
        if not isinstance(self._build, str):
            self._build = self._build()
        return self._build

    @property
    def is_found_out(self) -> bool:
        """Whether the build string is known without looking at the machine."""
        return isinstance(self._build, str)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, VirtualPackage) and str(self) == str(other)

    def __hash__(self) -> int:
        return hash((self.name, self.version))

    def __str__(self) -> str:
        return f"{self.name}={self.version}={self.build}"

    def __repr__(self) -> str:
        return f"VirtualPackage({self.name!r}, {self.version!r}, {self.build!r})"
