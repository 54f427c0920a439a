"""What the groups of optional dependencies of a package list.

Layer: solver. Pure. Source: CEP 44.
"""

from typing import Final

from xconda_core.solver.package_table import PackageTable, positions

FIELD: Final = "extra-depends"


def optional_dependencies(table: PackageTable, group: str) -> dict[str, int]:
    """Return each dependency that ``group`` stands for, with the mask of candidates that list it.

    A candidate without such a group needs nothing more by it; so says the CEP.
    """
    found: dict[str, int] = {}
    for position in positions(table.present):
        groups = table.record(position).extra.get(FIELD)
        listed = groups.get(group) if isinstance(groups, dict) else None
        for text in listed if isinstance(listed, list) else ():
            if isinstance(text, str):
                found[text] = found.get(text, 0) | 1 << position
    return found
