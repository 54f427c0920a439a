"""What activating, leaving and refreshing an environment change, as data. Layer: environment. Pure.

Source: conda's documented activation (CONDA_PREFIX, CONDA_SHLVL, the stack of prefixes), so that an
environment that one of the two tools activated is left with the other. No disk and no shell here:
:mod:`activation_rim` reads what lies in a prefix, and a dialect of :mod:`shells` writes the change
as a program. See docs/decisions/0160-activation.md.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar, Final

from xconda_core.environment.activation_names import (
    ActivationRules,
    active_prefix,
    default_env,
    level_of,
    prompt,
    stacked_below,
)
from xconda_core.environment.activation_path import path_with
from xconda_core.environment.activation_rim import Rim
from xconda_core.errors import XcondaError
from xconda_core.values import Slotted, dataclass, field

_NO_RULES: Final = ActivationRules()


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivationChange(Slotted):
    """What to do to an environment, in this order; PATH is set before everything else.

    Attributes:
        deactivate_scripts: Sourced first, while the old variables still stand.
        unset: Variables that go.
        set: Variables that come or change, ``PATH`` among them.
        activate_scripts: Sourced last.
        overwritten: Variables that had another value, which comes back in the end.
    """

    deactivate_scripts: tuple[Path, ...] = ()
    unset: tuple[str, ...] = ()
    set: Mapping[str, str] = field(default_factory=dict)
    activate_scripts: tuple[Path, ...] = ()
    overwritten: tuple[str, ...] = ()

    @property
    def needs_shell(self) -> bool:
        """Whether scripts take part, so that only a shell knows the outcome."""
        return bool(self.deactivate_scripts or self.activate_scripts)

    def applied_to(self, environ: Mapping[str, str]) -> dict[str, str]:
        """Return ``environ`` after the change, scripts left out."""
        kept = {name: value for name, value in environ.items() if name not in self.unset}
        return {**kept, **self.set}


class StackBroken(XcondaError):
    """The variables that say what was active before are not all there."""

    code: ClassVar[str] = "activation-stack-broken"

    def __init__(self, variable: str, level: int) -> None:
        super().__init__(variable, level)
        self.variable, self.level = variable, level
        self.what = "The environment was not deactivated: what was active before is not known."
        self.why = f"CONDA_SHLVL is {level}, and {variable} (CONDA_PREFIX_<number>) is not set."
        self.fix = "start a new shell; if it repeats, look in its start-up files for who unsets it."


def activated(
    new: Rim,
    environ: Mapping[str, str],
    rules: ActivationRules = _NO_RULES,
    *,
    old: Rim | None = None,
    stack: bool = False,
) -> ActivationChange:
    """Return what activating ``new`` changes in ``environ``.

    Args:
        new: The environment to activate.
        environ: The variables as they are.
        rules: How environments are called and shown.
        old: The active environment, if there is one; it makes way, as it does in conda.
        stack: It does not: its folders stay on PATH, after those of ``new``.
    """
    if old is not None and old.prefix == new.prefix:
        return reactivated(new, environ, rules)
    level = level_of(environ) if old else 0
    above = f"CONDA_STACKED_{level + 1}"
    stacked = bool(stack and old)
    beneath = {f"CONDA_PREFIX_{level}": str(old.prefix)} if old else {}
    stack_mark = {above: "true"} if stacked else {}
    seen = {**environ, **beneath, **stack_mark}
    variables = _variables_in(new, environ, level)
    return ActivationChange(
        deactivate_scripts=old.deactivate_scripts if old and not stacked else (),
        unset=(
            *_stale_undo(new, environ, level),
            *((above,) if above in environ and not stacked else ()),
        ),
        set={
            **variables,
            "PATH": path_with(environ, new.prefix, old.prefix if old and not stacked else None),
            **_standing(new.prefix, level + 1, seen, rules),
            **beneath,
            **stack_mark,
        },
        activate_scripts=new.activate_scripts,
        overwritten=_overwritten(new, environ),
    )


def deactivated(
    old: Rim,
    below: Rim | None,
    environ: Mapping[str, str],
    rules: ActivationRules = _NO_RULES,
) -> ActivationChange:
    """Return what leaving the active environment ``old`` changes in ``environ``.

    Args:
        old: The active environment.
        below: The one that was active before it, from :func:`prefix_below`, if there was one.
        environ: The variables as they are.
        rules: How environments are called and shown.
    """
    level = level_of(environ)
    stacked = f"CONDA_STACKED_{level}" in environ
    gone, back = _undone(old, environ, level)
    if below is None:
        gone += ("CONDA_PREFIX", "CONDA_DEFAULT_ENV", "CONDA_PROMPT_MODIFIER")
        back = {**back, "CONDA_SHLVL": "0"}
    else:
        gone += (f"CONDA_PREFIX_{level - 1}",)
        seen = {name: value for name, value in environ.items() if name not in gone} | back
        seen |= _standing(below.prefix, level - 1, environ, rules)
        again = reactivated(below, seen, rules)
        gone += again.unset
        back = {**back, **_standing(below.prefix, level - 1, environ, rules), **again.set}
    gone += (f"CONDA_STACKED_{level}",)
    beneath = below.prefix if below and not stacked else None
    return ActivationChange(
        deactivate_scripts=old.deactivate_scripts,
        unset=tuple(name for name in gone if name not in back and name in environ),
        set={**back, "PATH": path_with(environ, beneath, old.prefix)},
        # One that it was stacked upon was never left: its scripts have run.
        activate_scripts=below.activate_scripts if below and not stacked else (),
    )


def reactivated(
    rim: Rim, environ: Mapping[str, str], rules: ActivationRules = _NO_RULES
) -> ActivationChange:
    """Return what brings the active environment up to date: packages may have come and gone."""
    level = level_of(environ)
    gone, restored = _undone(rim, environ, level)
    base = {name: value for name, value in environ.items() if name not in gone} | restored
    variables = _variables_in(rim, base, level - 1)
    name = environ.get("CONDA_DEFAULT_ENV") or default_env(rim.prefix, rules)
    below = stacked_below(level, environ, rules)
    changed = {
        **restored,
        **variables,
        "PATH": path_with(environ, rim.prefix, rim.prefix),
        "CONDA_SHLVL": str(level),
        "CONDA_DEFAULT_ENV": name,
        "CONDA_PROMPT_MODIFIER": prompt(rules.env_prompt, name, rim.prefix, below),
    }
    return ActivationChange(
        deactivate_scripts=rim.deactivate_scripts,
        unset=tuple(each for each in gone if each not in changed and each in environ),
        set=changed,
        activate_scripts=rim.activate_scripts,
    )


def prefix_below(environ: Mapping[str, str]) -> Path | None:
    """Return what becomes active again when the active environment is left; None: nothing does.

    Raises:
        StackBroken: the variable that says so is not set.
    """
    level = level_of(environ)
    if level < 2:
        return None
    variable = f"CONDA_PREFIX_{level - 1}"
    if not environ.get(variable):
        raise StackBroken(variable, level)
    return Path(environ[variable])


def _standing(
    prefix: Path, level: int, environ: Mapping[str, str], rules: ActivationRules
) -> dict[str, str]:
    """Return the variables that say which environment is active; ``environ`` is that of then."""
    name = default_env(prefix, rules)
    below = stacked_below(level, environ, rules)
    return {
        "CONDA_PREFIX": str(prefix),
        "CONDA_SHLVL": str(level),
        "CONDA_DEFAULT_ENV": name,
        "CONDA_PROMPT_MODIFIER": prompt(rules.env_prompt, name, prefix, below),
    }


def _undo(level: int, name: str) -> str:
    """Return the variable that keeps what ``name`` was at ``level``; conda calls it so too."""
    return f"__CONDA_SHLVL_{level}_{name}"


def _note(level: int) -> str:
    """Return the variable that notes what activation to ``level`` has set, and for which prefix."""
    return f"XCONDA_SET_{level}"


def _variables_in(rim: Rim, environ: Mapping[str, str], level: int) -> dict[str, str]:
    """Return the variables of ``rim``, what they hide, and a note of their names."""
    if not rim.variables:
        return {}
    hidden = {_undo(level, name): environ[name] for name in rim.variables if name in environ}
    note = {_note(level + 1): ":".join([*rim.variables, str(rim.prefix)])}
    return {**rim.variables, **hidden, **note}


def _stale_undo(rim: Rim, environ: Mapping[str, str], level: int) -> tuple[str, ...]:
    """Return what was kept at an earlier activation, and would come back for no reason."""
    kept = (_undo(level, name) for name in rim.variables if name not in environ)
    return tuple(name for name in kept if name in environ)


def _overwritten(rim: Rim, environ: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(name for name, value in rim.variables.items() if environ.get(name, value) != value)


def _undone(
    rim: Rim, environ: Mapping[str, str], level: int
) -> tuple[tuple[str, ...], dict[str, str]]:
    """Return the variables that go with ``rim``, and those that get back what they were.

    What xconda noted when it activated counts, since the environment may have changed meanwhile;
    what conda activated has no note, and conda leaves its copies of old values in place.
    """
    names, noted = tuple(rim.variables), False
    *there, prefix = environ.get(_note(level), "").split(":")
    if prefix == str(rim.prefix):
        names, noted = tuple(there), True
    copies = {name: _undo(level - 1, name) for name in names}
    restored = {name: environ[copy] for name, copy in copies.items() if copy in environ}
    gone = tuple(name for name in names if name not in restored)
    return (*gone, *((*copies.values(), _note(level)) if noted else ())), restored


def for_program(
    new: Rim,
    environ: Mapping[str, str],
    rules: ActivationRules = _NO_RULES,
    *,
    old: Rim | None = None,
) -> ActivationChange:
    """Return what activating ``new`` changes for a program, which never goes back.

    Variables of the environment that is left go with it, and nothing is kept for later.
    """
    if active_prefix(environ) is None or old is None:
        change = activated(new, environ, rules)
    else:
        gone, restored = _undone(old, environ, level_of(environ))
        without = {name: value for name, value in environ.items() if name not in gone} | restored
        change = activated(new, without, rules, old=old)
        change = ActivationChange(
            deactivate_scripts=change.deactivate_scripts,
            unset=(*change.unset, *(name for name in gone if name not in change.set)),
            set={**restored, **change.set},
            activate_scripts=change.activate_scripts,
        )
    kept_for_later = ("__CONDA_SHLVL_", "XCONDA_SET_")
    return ActivationChange(
        deactivate_scripts=change.deactivate_scripts,
        unset=change.unset,
        set={
            name: value for name, value in change.set.items() if not name.startswith(kept_for_later)
        },
        activate_scripts=change.activate_scripts,
    )
