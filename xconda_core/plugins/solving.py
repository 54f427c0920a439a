"""What plugins add to choosing packages, as values. Layer: plugins. Pure."""

from collections.abc import Callable
from typing import Literal

from xconda_core.models.match_spec import MatchSpec
from xconda_core.models.package_record import PackageRecord
from xconda_core.plugins.names import put_name_in_order
from xconda_core.solver.problem import Solver
from xconda_core.values import Slotted, dataclass

Told = str | Callable[[], str | None] | None


@dataclass(frozen=True, slots=True)
class PluginSolver(Slotted):
    """A solver, chosen by the setting ``solver`` or by ``--solver``.

    Attributes:
        name: What chooses it.
        backend: Takes a ``SolveProblem``, a reporter and a cancel token, and returns a
            ``Solution``; raises ``Unsatisfiable`` where there is none. Must set nothing outside.
    """

    name: str
    backend: Solver

    def __post_init__(self) -> None:
        put_name_in_order(self)


@dataclass(frozen=True, slots=True)
class PluginVirtualPackage(Slotted):
    """A fact of this machine that packages can depend on as ``__NAME``.

    Attributes:
        name: Its name; leading underscores may be left out.
        version: Its version, or what finds it out; None from that means there is no such package.
            None stands for ``0``.
        build: Its build string, or what finds it out, alike.
        override_entity: What ``CONDA_OVERRIDE_NAME`` replaces: the version or the build. Without
            it, it cannot be overridden.
        version_validation: Puts an overriding version in order; None or ``ValueError`` refuses it.
    """

    name: str
    version: Told = None
    build: Told = None
    override_entity: Literal["version", "build"] | None = None
    version_validation: Callable[[str], str | None] | None = None

    def __post_init__(self) -> None:
        put_name_in_order(self)
        object.__setattr__(self, "name", f"__{self.name.lstrip('_')}")


@dataclass(frozen=True, slots=True)
class PluginPreSolve(Slotted):
    """Somebody who looks at a request before it is solved.

    Attributes:
        name: What it is called.
        action: Is handed what is asked for, and what is to be removed. An ``XcondaError`` that it
            raises ends the command: nothing was changed.
    """

    name: str
    action: Callable[[frozenset[MatchSpec], frozenset[MatchSpec]], None]

    def __post_init__(self) -> None:
        put_name_in_order(self)


@dataclass(frozen=True, slots=True)
class PluginPostSolve(Slotted):
    """Somebody who looks at what was chosen: the place for rules about licences, sizes, origins.

    Attributes:
        name: What it is called.
        action: Is handed the name of the package list (``repodata.json``), what goes and what
            comes. An ``XcondaError`` that it raises ends the command: nothing was changed.
    """

    name: str
    action: Callable[[str, tuple[PackageRecord, ...], tuple[PackageRecord, ...]], None]

    def __post_init__(self) -> None:
        put_name_in_order(self)
