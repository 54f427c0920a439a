"""Several specs of one package as one spec. Layer: models. Pure."""

from collections.abc import Iterable
from typing import TypeVar

from msgspec import structs

from xconda_core.errors import XcondaError
from xconda_core.models.match_spec import MatchSpec
from xconda_core.models.record_fields import RecordFields
from xconda_core.models.text_pattern import TextPattern
from xconda_core.models.version_spec import VersionSpec
from xconda_core.values import fields

Value = TypeVar("Value")


class ConflictingSpecs(XcondaError):
    """Two specs of one package exclude each other.

    Attributes:
        one: A spec, or what specs before it were merged to.
        other: The spec that excludes it.
        field: The field in which they do.
    """

    code = "conflicting-specs"

    def __init__(self, one: MatchSpec, other: MatchSpec, field: str) -> None:
        super().__init__(one, other, field)
        self.one, self.other, self.field = str(one), str(other), field
        self.what = f"{one} and {other} cannot both hold."
        self.why = f"no package has the {field} that both of them ask for."
        self.fix = "drop one of them."


def merge_specs(specs: Iterable[MatchSpec]) -> tuple[MatchSpec, ...]:
    """Return one spec for each name, which asks for all that its specs ask for.

    Specs of any name (``*``) say nothing about each other and stay as they are.

    Raises:
        ConflictingSpecs: two specs of one name exclude each other.
    """
    of_any_name: list[MatchSpec] = []
    merged: dict[str, MatchSpec] = {}
    for spec in specs:
        if spec.name == "*":
            of_any_name.append(spec)
        elif spec.name in merged:
            merged[spec.name] = _merge(merged[spec.name], spec)
        else:
            merged[spec.name] = spec
    return (*merged.values(), *of_any_name)


def _merge(one: MatchSpec, other: MatchSpec) -> MatchSpec:
    if one.when != other.when:
        raise ConflictingSpecs(one, other, "condition")
    version, number = (
        _both_versions(getattr(one, name), getattr(other, name))
        for name in ("version", "build_number")
    )
    for name, constraint in (("version", version), ("build number", number)):
        if constraint is not None and constraint.is_empty:
            raise ConflictingSpecs(one, other, name)
    build = _both_patterns(one.build, other.build)
    if build is None and one.build is not None and other.build is not None:
        raise ConflictingSpecs(one, other, "build")
    return structs.replace(
        one,
        version=version,
        build=build,
        build_number=number,
        fields=_both_fields(one, other),
        extras=one.extras | other.extras,
    )


def _both_versions(one: VersionSpec | None, other: VersionSpec | None) -> VersionSpec | None:
    if one is None or other is None or one == other:
        return one or other
    texts = sorted((one.text, other.text))
    return VersionSpec.parse(",".join(f"({text})" if "|" in text else text for text in texts))


def _both_patterns(one: TextPattern | None, other: TextPattern | None) -> TextPattern | None:
    """Return the pattern of texts that match both; None where both are given and none can."""
    if one is None or other is None or one == other:
        return one or other
    for narrow, wide in ((one, other), (other, one)):
        if narrow.is_word:
            return narrow if wide.matches(narrow.text) else None
        if narrow.text.count("*") == wide.text.count("*") == 1 and narrow.is_within(wide):
            return narrow
    return None if one.excludes(other) else one.with_also(other)


def _both_fields(one: MatchSpec, other: MatchSpec) -> RecordFields:
    chosen = {
        item.name: getattr(one.fields, item.name) or getattr(other.fields, item.name)
        for item in fields(RecordFields)
    }
    for name, value in chosen.items():
        asked = getattr(other.fields, name)
        if name != "flags" and asked and asked != value:
            raise ConflictingSpecs(one, other, name.replace("_", " "))
    chosen["flags"] = one.fields.flags | other.fields.flags
    return RecordFields(**chosen)
