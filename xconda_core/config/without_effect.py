"""Conda's settings that change nothing here, each with the reason. Layer: config.

They are read and typed like the others, so that a file is judged as a whole and ``xconda config``
can say what became of them; a fault in one of them is a warning, for nothing depends on it.
"""

from typing import Final

from xconda_core.config.definition import Definition, Shape
from xconda_core.config.value_types import (
    BOOLEAN,
    COUNT,
    OPTIONAL_BOOLEAN,
    OPTIONAL_TEXT,
    TEXT,
    ValueType,
    choice,
)


def _never(
    name: str,
    type: ValueType,  # noqa: A002 (the field's own name)
    default: object,
    reason: str,
    shape: Shape = "one",
    aliases: tuple[str, ...] = (),
    separator: str = ",",
) -> Definition:
    """Return a setting that will not have an effect."""
    return Definition(name, type, default, reason, shape, aliases, separator, standing="never")


_OTHERS: Final = "It is conda-build's, which reads it itself."

WITHOUT_EFFECT: Final = (
    _never("allow_conda_downgrades", BOOLEAN, False, "xconda is no package of base: none changes."),
    _never("allow_cycles", BOOLEAN, True, "Packages that need each other are linked in any case."),
    _never("allow_other_channels", BOOLEAN, True, "`allowlist_channels` says which there may be."),
    _never("anaconda_anon_usage", BOOLEAN, None, "Nothing about your use is sent to anybody."),
    _never("anaconda_upload", OPTIONAL_BOOLEAN, None, _OTHERS, aliases=("binstar_upload",)),
    _never("auto_update_conda", BOOLEAN, True, "xconda never updates itself.",
           aliases=("self_update",)),
    _never("binstar_personal", BOOLEAN, None, "It is anaconda-client's, which reads it itself."),
    _never("clobber", BOOLEAN, False, "It says in conda what path_conflict says."),
    _never("conda_build", TEXT, {}, _OTHERS, "anything", ("conda-build",)),
    _never("default_python", OPTIONAL_TEXT, "3.11", "The newest python that fits is chosen."),
    _never("dev", BOOLEAN, False, "It is for those who work on conda itself."),
    _never("enable_private_envs", BOOLEAN, False, "conda gave private environments up."),
    _never("error_upload_url", TEXT, "https://conda.io/conda-post/unexpected-error",
           "Reports of errors stay on your machine."),
    _never("force", BOOLEAN, False, "It has several meanings: each command has its own option."),
    _never("force_32bit", BOOLEAN, False, "`subdir` says which platform is meant."),
    _never("preview", TEXT, (), "What it turns on in conda is here on its own.", "list"),
    _never("report_errors", OPTIONAL_BOOLEAN, None, "Reports of errors stay on your machine."),
    _never("restore_free_channel", BOOLEAN, False, "Name the old channel in `channels` instead."),
    _never("rollback_enabled", BOOLEAN, True, "A change is made wholly or not at all, always."),
    _never("sat_solver", choice("pycosat", "pycryptosat", "pysat"), "pycosat",
           "pycosat is the one that is asked."),
    _never("target_prefix_override", TEXT, "", "`-p PATH` says it, where everybody can see it."),
    _never("track_features", TEXT, (), "Variants are chosen by what packages need.",
           "list"),
    _never("unsatisfiable_hints", BOOLEAN, True, "A request that cannot be met is explained."),
    _never("unsatisfiable_hints_check_depth", COUNT, 2, "Explanations are as deep as they must."),
    _never("use_pip", BOOLEAN, True, "conda itself gave it up long ago."),
)  # fmt: skip
