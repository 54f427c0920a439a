"""Where an environment stands among its states, and where undo and redo lead. Layer: environment.

Pure. The history only grows: an undo and a redo are revisions as well, which say whose state they
brought back. Read from its first line to its last it is the walk of a user through states, as in an
editor: a change adds a state to the line behind the user, an undo steps back along that line and
remembers the whole of it, a redo takes the last undo back, and a change after an undo gives the
remembered lines up. See docs/decisions/0133-undo-and-redo.md.
"""

from collections.abc import Sequence

from xconda_core.environment.history import Revision, logical_revision
from xconda_core.values import Slotted, dataclass


@dataclass(frozen=True, slots=True)
class Timeline(Slotted):
    """A place among the states of an environment; states are numbers of revisions.

    Attributes:
        line: The states that led here, the present one last; empty without a history.
        undone: Per undo that a redo can take back, the line as it was before; the latest last.
    """

    line: tuple[int, ...] = ()
    undone: tuple[tuple[int, ...], ...] = ()

    @property
    def before(self) -> int | None:
        """The state that an undo brings back; None at the first one."""
        return self.line[-2] if len(self.line) > 1 else None

    @property
    def after(self) -> int | None:
        """The state that a redo brings back; None where nothing was undone."""
        return self.undone[-1][-1] if self.undone else None

    def after_change(self, number: int) -> "Timeline":
        """Return the place after a revision of that number that changed something."""
        return Timeline((*self.line, number))

    def after_move(self, target: int) -> "Timeline":
        """Return the place after the state ``target`` was brought back."""
        if target in self.line:
            back = self.line[: self.line.index(target) + 1]
            return self if back == self.line else Timeline(back, (*self.undone, self.line))
        for count in reversed(range(len(self.undone))):
            line = self.undone[count]
            if target == line[-1]:
                return Timeline(line, self.undone[:count])
            if target in line:  # part of the way that one undo went
                return Timeline(line[: line.index(target) + 1], self.undone[: count + 1])
        return self.after_change(target)  # a state that had been given up comes as a new one


def timeline_of(revisions: Sequence[Revision]) -> Timeline:
    """Return where the environment with that history stands."""
    place = Timeline()
    for revision in revisions:
        if revision.reverts_to is None or revision.reverts_to >= revision.number:
            place = place.after_change(revision.number)
        else:
            place = place.after_move(logical_revision(revisions, revision.number))
    return place
