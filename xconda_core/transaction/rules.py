"""The settings that a transaction obeys, as a value. Layer: transaction."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from xconda_core.values import Slotted, dataclass, field

Safety = Literal["disabled", "warn", "enabled"]
PathConflict = Literal["clobber", "warn", "prevent"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRules(Slotted):
    """The settings that linking obeys.

    Attributes:
        subdir: Platform of the environment.
        root_prefix: The base environment, for link scripts.
        environ: The user's environment variables, a few of which link scripts see.
        always_copy: Never link.
        allow_softlinks: Link softly where hard links are not possible.
        always_softlink: Link softly always.
        safety: Whether packages must be as they list themselves.
        digests: Compare the digest of every file for that, not only its size.
        repaired: Names of packages that were unpacked anew for that: what is still not as listed,
            its builder made so.
        path_conflict: What becomes of files that two packages bring, or that nobody's package owns.
        verify_threads: How many packages are looked at at a time.
        execute_threads: How many packages are linked at a time.
        byte_code: Compile ``noarch: python`` packages.
        runs_scripts: The environment is for this machine, so that its link scripts can run.
        script_seconds: How long one link script may run.
        shortcuts: Menu entries that packages bring are made.
        shortcuts_only: Of these packages only; empty: of all.
        lock_wait_seconds: How long to wait for another xconda that changes the same prefix.
    """

    subdir: str
    root_prefix: Path
    environ: Mapping[str, str] = field(default_factory=dict)
    always_copy: bool = False
    allow_softlinks: bool = False
    always_softlink: bool = False
    safety: Safety = "warn"
    digests: bool = False
    repaired: frozenset[str] = frozenset()
    path_conflict: PathConflict = "clobber"
    verify_threads: int = 1
    execute_threads: int = 1
    byte_code: bool = True
    runs_scripts: bool = True
    script_seconds: float = 600.0
    shortcuts: bool = True
    shortcuts_only: tuple[str, ...] = ()
    lock_wait_seconds: float = 0.0
