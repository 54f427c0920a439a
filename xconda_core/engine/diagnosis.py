"""What the doctor found and did. Layer: engine (values only)."""

from collections.abc import Mapping
from pathlib import Path

from xconda_core.environment.health import Finding
from xconda_core.errors import Json
from xconda_core.values import Slotted, dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis(Slotted):
    """What health checks found in one environment.

    Attributes:
        prefix: The environment.
        checks: Name and summary of each check that was run, in order.
        findings: What they found, in the same order.
        file_count: How many files were looked at.
        seconds: How long it took.
        repairing: Names of checks that can repair what they find, without packages.
    """

    prefix: Path
    checks: tuple[tuple[str, str], ...]
    findings: tuple[Finding, ...]
    file_count: int
    seconds: float
    repairing: frozenset[str] = frozenset({"environment-txt"})

    @property
    def is_healthy(self) -> bool:
        """Whether nothing was found that does not work; warnings may be there."""
        return not any(each.level == "problem" for each in self.findings)

    @property
    def fixable(self) -> tuple[Finding, ...]:
        """What ``--fix`` can repair."""
        return tuple(each for each in self.findings if self._is_fixable(each))

    def to_json(self) -> dict[str, Json]:
        """Return the diagnosis as ``doctor --json`` has it."""
        return {
            "prefix": str(self.prefix),
            "healthy": self.is_healthy,
            "checks": [name for name, _ in self.checks],
            "findings": [
                {**each.to_json(), "fixable": self._is_fixable(each)} for each in self.findings
            ],
            "file_count": self.file_count,
            "seconds": round(self.seconds, 3),
        }

    def _is_fixable(self, finding: Finding) -> bool:
        return finding.is_file or finding.check in self.repairing


@dataclass(frozen=True, slots=True, kw_only=True)
class Healing(Slotted):
    """What a repair did.

    Attributes:
        fixed: What is as it should be now.
        left: What is not.
        reasons: Path to why it could not be repaired, where that was tried.
    """

    fixed: tuple[Finding, ...]
    left: tuple[Finding, ...]
    reasons: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_healthy(self) -> bool:
        """Whether nothing is left that does not work."""
        return not any(each.level == "problem" for each in self.left)

    def to_json(self) -> dict[str, Json]:
        """Return the repair as ``doctor --fix --json`` has it."""
        return {
            "healthy": self.is_healthy,
            "fixed": [each.to_json() for each in self.fixed],
            "left": [
                {**each.to_json(), "reason": self.reasons.get(each.path, "")} for each in self.left
            ],
        }
