"""What an environment holds at one moment. Layer: models."""

from collections.abc import Mapping
from pathlib import PurePath

from xconda_core.digests import sha256
from xconda_core.models.prefix_record import PrefixRecord
from xconda_core.models.python_package import PythonPackage
from xconda_core.values import Slotted, dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvironmentState(Slotted):
    """The packages of a prefix and what its user asked for.

    Attributes:
        prefix: Absolute path of the environment.
        installed: Package name to its record, in name order.
        requested: Package name to the MatchSpec text by which the user asked for it (history).
        pinned: MatchSpec texts of ``conda-meta/pinned``.
        revision: Number of the current revision in the history; 0 is the first, -1 none yet.
        is_frozen: ``conda-meta/frozen`` forbids changes (CEP 22).
        python_packages: Python projects that conda did not install, by the name that conda
            channels would give them, in name order.
        python_problems: A sentence about each such project that could not be read.
        exists: The prefix is an environment already (it has ``conda-meta/history``).
    """

    prefix: PurePath
    installed: Mapping[str, PrefixRecord] = field(default_factory=dict)
    requested: Mapping[str, str] = field(default_factory=dict)
    pinned: tuple[str, ...] = ()
    revision: int = -1
    is_frozen: bool = False
    exists: bool = False
    python_packages: Mapping[str, PythonPackage] = field(default_factory=dict)
    python_problems: tuple[str, ...] = ()

    @property
    def fingerprint(self) -> str:
        """Digest of everything a plan depends on: a plan holds for this state only."""
        lines = [
            f"{name}={p.record.dist_name}={p.record.channel}/{p.record.subdir}"
            for name, p in self.installed.items()
        ]
        lines += [f"?{name}={text}" for name, text in self.requested.items()]
        lines += [f"!{text}" for text in self.pinned]
        lines += [f"@{p.anchor}={p.version}" for p in self.python_packages.values()]
        lines.append(f"#{self.revision}")
        return sha256("\n".join(lines).encode()).hexdigest()
