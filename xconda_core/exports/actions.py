"""Plans and sizes for people, by the names of ``conda.exports``. Layer: exports."""

from xconda_core.cli.plan_text import plan_lines
from xconda_core.engine.job_state import size_words
from xconda_core.transaction.plan import Plan


def display_actions(actions: Plan) -> str:
    """Return a plan as the command line shows it; nothing is printed."""
    return "".join(f"{line.text}\n" for line in plan_lines(actions))


def human_bytes(n: int) -> str:
    """Return a number of bytes in words, for example ``1.5 MB``."""
    return size_words(n)
