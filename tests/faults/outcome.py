"""What came of one fault."""

from dataclasses import dataclass

from tests.faults.judging import Verdict


@dataclass(frozen=True)
class Outcome:
    """One fault of a ``part`` of the campaign: in which command, where, and what it left."""

    part: str
    scene: str
    where: str  # a phase, an error, a place
    point: int
    state: str
    problems: tuple[str, ...] = ()
    recovered: bool = False
    repeated: bool = False  # the same command was run again, and came to the new state
    happened: bool = True  # False: the command was over before

    @property
    def is_good(self) -> bool:
        return self.state in {"old", "new"} and not self.problems

    def __str__(self) -> str:
        where = f"{self.part}, {self.scene}, {self.where}, point {self.point}"
        return f"{where}: {self.state} {'; '.join(self.problems)}"


def outcome(
    part: str,
    scene: str,
    where: str,
    point: int,
    verdict: Verdict,
    *,
    repeated: bool = False,
    more: tuple[str, ...] = (),
    happened: bool = True,
) -> Outcome:
    problems = (*verdict.problems, *more)
    return Outcome(
        part, scene, where, point, verdict.state, problems, verdict.recovered, repeated, happened
    )
