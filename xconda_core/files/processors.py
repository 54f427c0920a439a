"""How many processors this process may use. Layer: files.

Source: sched_setaffinity(2); the quota of a container, cgroup v2 (``cpu.max``) and v1
(``cpu.cfs_quota_us``): a container of two processors on a machine of sixty-four has two.
"""

import os
from math import ceil
from pathlib import Path
from typing import Final

_CGROUPS: Final = Path("/sys/fs/cgroup")


def usable_processors(cgroups: Path = _CGROUPS) -> int:
    """Return the number, at least one.

    Args:
        cgroups: Where the system tells of quotas.
    """
    if hasattr(os, "sched_getaffinity"):
        count = len(os.sched_getaffinity(0))
    else:
        count = os.cpu_count() or 1
    quota = _quota(cgroups)
    return max(1, count if quota is None else min(count, ceil(quota)))


def _quota(cgroups: Path) -> float | None:
    """Return how many processors' time the container may use; None where nobody says."""
    try:
        allowed, period = (cgroups / "cpu.max").read_text().split()
    except (OSError, ValueError):
        try:
            allowed = (cgroups / "cpu/cpu.cfs_quota_us").read_text().strip()
            period = (cgroups / "cpu/cpu.cfs_period_us").read_text().strip()
        except (OSError, ValueError):
            return None
    if not allowed.isdecimal() or not period.isdecimal() or int(period) == 0:
        return None  # "max" and -1 mean no quota
    return int(allowed) / int(period)
