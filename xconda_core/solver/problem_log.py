"""Say in the log what a solver is asked, group by group. Layer: solver."""

import logging
from collections.abc import Iterable, Mapping
from typing import Final

from xconda_core.models.match_spec import MatchSpec
from xconda_core.solver.problem import SolveProblem

_log: Final = logging.getLogger(__name__)


def log_problem(problem: SolveProblem) -> None:
    """Log ``problem``: the requests for information, what they became for debugging."""
    if not _log.isEnabledFor(logging.INFO):
        return
    asked = _spelled(problem, problem.specs)
    _log.info("asked for: %s; %d packages are installed", asked or "-", len(problem.installed))
    if _log.isEnabledFor(logging.DEBUG):
        for meaning, words in _groups(problem).items():
            if words:
                _log.debug("%s: %s", meaning, words)


def _groups(problem: SolveProblem) -> Mapping[str, str]:
    """Return what each group of wishes means, and the wishes."""
    facts = (
        str(each) if each.is_found_out else f"{each.name}={each.version}"
        for each in problem.virtual_packages
    )
    return {
        "still holds, asked for earlier": _spelled(problem, problem.kept_specs),
        "still holds, as it is installed": _spelled(problem, problem.installed_specs),
        "pinned": _spelled(problem, problem.pins),
        "may move to its best version": ", ".join(sorted(problem.updates)),
        "stays if it can": ", ".join(problem.kept_names),
        "comes along": ", ".join(problem.companions.values()),
        "must go": ", ".join(sorted(problem.absent)),
        "virtual packages": ", ".join(facts),
    }


def _spelled(problem: SolveProblem, specs: Iterable[MatchSpec]) -> str:
    return ", ".join(problem.spelling(spec) for spec in specs)
