"""What conda's command line has and xconda's has not: why, and what to do instead."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Absent:
    """Something that is not here.

    Attributes:
        what: As conda spells it.
        reason: Why.
        instead: What to do.
    """

    what: str
    reason: str
    instead: str


_DEV: Final = Absent(
    "--dev",
    "It lets conda's own tests start link scripts with the sources they test.",
    "Leave it out; `xconda init --dev` and `xconda run --dev` are there.",
)
OPTIONS: Final[Mapping[str, Absent]] = MappingProxyType(
    {f"conda {command} --dev": _DEV for command in ("create", "install", "remove")}
)
"""Command and option, as in ``conda create --dev``, to why it is refused."""

OTHERS: Final = (
    Absent(
        "`conda create` where an environment is already: all files in its folder are deleted",
        "Those of no package may be all there is of somebody's work; they stay.",
        "`xconda env remove -n NAME -y` before it.",
    ),
    Absent(
        "`conda env create` where an environment is already: it is removed, and nobody is asked",
        "A file that is typed twice is no reason to lose anything.",
        "`xconda env create --yes` replaces it; or `xconda env update --prune`.",
    ),
    Absent(
        "`conda remove`, which asks the channels again and may move other packages",
        "What stays is what is there: a removal is quick, and needs no network.",
        "`xconda update --all` afterwards.",
    ),
    Absent(
        "`conda env create USER/PACKAGE`",
        "Files of anaconda.org's old notebook service are not to be had any more.",
        "`xconda env create --file URL` takes a file from any address.",
    ),
    Absent(
        "`conda-env` as a program of its own",
        "conda itself has taken it back into `conda env`.",
        "`xconda env ...`",
    ),
    Absent(
        "`conda env create` below a private environment: `enable_private_envs`, "
        "`leased_path_entry`",
        "conda gave private environments up before they were finished.",
        "`xconda run -n NAME PROGRAM`",
    ),
    Absent(
        "the verbs `instructions` and `plan` of conda's old API",
        "They described a transaction as text that another process carried out.",
        "`--dry-run --json` shows the plan, `xconda_core.api` makes and executes one.",
    ),
    Absent(
        "`restore_free_channel`",
        "The channel `free` holds packages of before 2017.",
        "Name it in `channels` by its address, where it is really needed.",
    ),
    Absent(
        "conda as a package of rpm and deb",
        "xconda is installed with pip, or into an environment.",
        "`pip install xconda`",
    ),
    Absent(
        "`conda pip`",
        "conda gave it up in 2016.",
        "`xconda run -n NAME pip ...`; what pip installs is listed, exported and checked.",
    ),
    Absent(
        "`auto_update_conda`",
        "xconda never updates itself on the way to something else.",
        "`pip install --upgrade xconda`",
    ),
)
