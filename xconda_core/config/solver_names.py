"""The names of solvers: xconda's own, and those that other tools' files have. Layer: config."""

from typing import Final

from xconda_core.config.settings import Settings

OWN: Final = ("xconda", "sat")
OTHER_TOOLS: Final = ("classic", "libmamba", "rattler")


def strange_solver(settings: Settings) -> str:
    """Return what is to be said where the configured solver is none of xconda's; else nothing.

    A file that says so is meant for the tool whose solver it is, and lets xconda be: no word then.
    """
    if settings.solver in OWN:
        return ""
    if settings.origins.get("solver", "").startswith(settings.config_files):
        return ""
    return f"the solver {settings.solver} is another tool's: xconda's own answers in its place."
