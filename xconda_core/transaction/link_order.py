"""In which order packages are linked: dependencies first. Layer: transaction. Pure."""

from collections.abc import Iterable, Mapping

from xconda_core.models.package_record import PackageRecord


def link_order(records: Mapping[str, PackageRecord]) -> tuple[str, ...]:
    """Return the names of ``records``, each after those it depends on.

    The order depends on nothing but the records: where names are free to choose, and where
    dependencies form a circle, the alphabet decides. A ``noarch: python`` package comes after
    ``python`` even if it forgot to say so.
    """
    order: list[str] = []
    seen: set[str] = set()
    for root in sorted(records):
        # Depth first with an own stack: a chain of dependencies can be longer than Python's.
        stack = [(root, iter(_needed(records, root)))] if root not in seen else []
        seen.add(root)
        while stack:
            name, needs = stack[-1]
            for need in needs:
                if need not in seen:
                    seen.add(need)
                    stack.append((need, iter(_needed(records, need))))
                    break
            else:
                order.append(name)
                stack.pop()
    return tuple(order)


def _needed(records: Mapping[str, PackageRecord], name: str) -> Iterable[str]:
    record = records[name]
    names = {_name_of(spec) for spec in record.depends}
    if record.noarch == "python":
        names.add("python")
    return sorted(names & records.keys())


def _name_of(spec: str) -> str:
    """Return the package name of a ``depends`` entry: ``NAME [VERSION [BUILD]]`` or ``NAME>=1``."""
    spec = spec.rpartition("::")[2]
    for end, letter in enumerate(spec):
        if letter in " <>=!~[;,":
            return spec[:end].lower()
    return spec.lower()
