"""What any solver must answer: cases that prove a backend, each one sentence. Layer: testing.

``case.check(solver)`` raises ``AssertionError`` with what is wrong. A solution is compared where
only one is right, and always judged by a judge that shares nothing with any solver.
"""

from typing import Any, Final

from xconda_core.cancel import Cancelled, CancelToken
from xconda_core.events import silent
from xconda_core.solver.not_found import PackagesNotFound
from xconda_core.solver.problem import SolveProblem, Solver
from xconda_core.solver.unsatisfiable import Unsatisfiable
from xconda_core.testing.solution_judge import violations
from xconda_core.testing.universes import machine, records, specs, universe
from xconda_core.values import Slotted, dataclass, replace

_REFUSED: Final = "refused"
_MISSING: Final = "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class SolverCase(Slotted):
    """One thing that must be so.

    Attributes:
        says: What, as a sentence.
        problem: What is asked.
        answer: ``name version`` (and the build, if it is not ``0``) of each package of the only
            right answer, in order of names; or ``refused``, or ``missing`` for names that no
            channel has.
    """

    says: str
    problem: SolveProblem
    answer: tuple[str, ...]

    def __str__(self) -> str:
        return self.says

    def check(self, solver: Solver) -> None:
        """Return if ``solver`` answers as it must.

        Raises:
            AssertionError: it does not; the message says what it answered.
        """
        found = self._answered(solver)
        assert found == self.answer, f"{self.says}: answered {found}, not {self.answer}"

    def _answered(self, solver: Solver) -> tuple[str, ...]:
        try:
            solution = solver(self.problem, silent, CancelToken())
        except Unsatisfiable:
            return (_REFUSED,)
        except PackagesNotFound:
            return (_MISSING,)
        wrong = violations(solution.records, self.problem)
        assert wrong == [], f"{self.says}: {'; '.join(wrong)}"
        assert [*solution.records] == sorted(solution.records), "records are not in name order"
        return tuple(
            f"{each.name} {each.version}" + (f" {each.build}" if each.build != "0" else "")
            for each in solution.records.values()
        )


def check_cancelling(solver: Solver) -> None:
    """Return if ``solver`` looks at its ``CancelToken``.

    Raises:
        AssertionError: it solves all the same.
    """
    stopped = CancelToken()
    stopped.cancel()
    try:
        solver(SOLVER_CASES[0].problem, silent, stopped)
    except Cancelled:
        return
    raise AssertionError("it was cancelled, and solved all the same")


def _case(says: str, index: str, wanted: str, answer: str, **more: Any) -> SolverCase:
    """Return a case; ``wanted`` and ``answer`` have semicolons between their parts."""
    problem = SolveProblem(index=universe(index), specs=specs(*_parts(wanted)))
    return SolverCase(
        says=says,
        problem=replace(problem, **more),
        answer=tuple(_parts(answer)),
    )


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]


def _there(text: str) -> dict[str, Any]:
    """Return the fields of a problem for what is installed and stays if it can."""
    installed = {each.name: each for each in records(text)}
    return {"installed": installed, "kept_names": tuple(installed)}


_APPS: Final = """
    app 2.0 needs lib >=2
    app 1.0 needs lib <2
    lib 2.1
    lib 2.0
    lib 1.0
    tool 1.0 needs lib 1.*
"""
_VARIANTS: Final = """
    numpy 2.0 needs blas
    blas 1.0 3_mkl needs mkl [track_features]
    blas 1.0 2_open needs open
    mkl 1.0
    open 1.0
    nomkl 1.0 allows mkl <0a0
"""

SOLVER_CASES: Final[tuple[SolverCase, ...]] = (
    _case("what is asked for comes with what it needs", _APPS, "app", "app 2.0; lib 2.1"),
    _case("nothing asked is nothing answered", _APPS, "", ""),
    _case("an older version is taken where a spec says so", _APPS, "app=1.0", "app 1.0; lib 1.0"),
    _case(
        "two wishes are met together, if with older versions",
        _APPS,
        "app; tool",
        "app 1.0; lib 1.0; tool 1.0",
    ),
    _case("wishes that exclude each other are refused", _APPS, "app=2.0; tool", _REFUSED),
    _case("a name that nobody has is told from a conflict", _APPS, "zebra", _MISSING),
    _case(
        "a candidate whose dependency nobody has is left aside",
        "app 2.0 needs ghost\n app 1.0",
        "app",
        "app 1.0",
    ),
    _case(
        "if all candidates need what nobody has, it is refused",
        "app 1.0 needs ghost",
        "app",
        _REFUSED,
    ),
    _case("packages may need each other", "a 1.0 needs b\n b 1.0 needs a", "a", "a 1.0; b 1.0"),
    _case(
        "a constraint holds for a package that is there, and brings none in",
        "app 1.0 needs lib allows extra <2\n lib 1.0\n extra 2.0\n extra 1.0",
        "app; extra",
        "app 1.0; extra 1.0; lib 1.0",
    ),
    _case(
        "a constraint alone brings nothing",
        "app 1.0 allows extra <2\n extra 1.0",
        "app",
        "app 1.0",
    ),
    _case(
        "tracked features count before the build number",
        _VARIANTS,
        "numpy",
        "blas 1.0 2_open; numpy 2.0; open 1.0",
    ),
    _case(
        "a spec reaches the build that is less preferred",
        _VARIANTS,
        "numpy; blas=*=*mkl",
        "blas 1.0 3_mkl; mkl 1.0; numpy 2.0",
    ),
    _case("a package may exclude another", _VARIANTS, "mkl; nomkl", _REFUSED),
    _case(
        "a higher build number wins",
        "app 1.0 py_0\n app 1.0 py_10\n app 1.0 py_9",
        "app",
        "app 1.0 py_10",
    ),
    _case(
        "versions are ordered as CEP 33 says", "app 1.9\n app 1.10\n app 1.10rc1", "app", "app 1.10"
    ),
    _case(
        "a fact of the machine meets a dependency",
        "app 1.0 needs __gpu >=2\n app 0.9",
        "app",
        "app 1.0",
        virtual_packages=machine("__gpu 2.1"),
    ),
    _case(
        "without the fact the older one is taken",
        "app 1.0 needs __gpu >=2\n app 0.9",
        "app",
        "app 0.9",
    ),
    _case(
        "a pin holds for what comes, and brings nothing in",
        _APPS,
        "app",
        "app 1.0; lib 1.0",
        pins=specs("lib <2", "tool ==1.0"),
    ),
    _case(
        "what must be gone is gone, or it is refused",
        _APPS,
        "app",
        _REFUSED,
        absent=frozenset({"lib"}),
    ),
    _case(
        "what is installed and fits stays",
        _APPS,
        "app=1.0",
        "app 1.0; lib 1.0; tool 1.0",
        **_there("app 1.0 needs lib <2\n lib 1.0\n tool 1.0 needs lib 1.*"),
    ),
    _case(
        "what is named to move moves, with what stands in its way",
        _APPS,
        "app",
        "app 2.0; lib 2.1",
        **_there("app 1.0 needs lib <2\n lib 1.0") | {"updates": frozenset({"app"})},
    ),
    _case(
        "an installed package that no channel has any more counts",
        _APPS,
        "app; own",
        "app 2.0; lib 2.1; own 0.1",
        **_there("own 0.1"),
    ),
    _case(
        "what is frozen does not move, or it is refused",
        _APPS,
        "app=2.0",
        _REFUSED,
        **_there("lib 1.0") | {"frozen": frozenset({"lib"})},
    ),
    _case(
        "three where any two go together, and not all",
        "a 1 needs x !=1\n b 1 needs x !=2\n c 1 needs x !=3\n x 1\n x 2\n x 3",
        "a; b; c",
        _REFUSED,
    ),
    _case(
        "a chain of dependencies is followed to its end",
        "\n".join(f"n{i} 2 needs n{i + 1} 2\n n{i} 1 needs n{i + 1} 1" for i in range(20))
        + "\n n20 1",
        "n0",
        "; ".join(f"n{i} 1" for i in sorted(range(21), key=lambda i: f"n{i}")),
    ),
)
