"""Made-up questions on versions, constraints and specs, and how py-rattler and we answer them.

Most questions are such as people write; some are of the odd kinds on which the two are known to
differ. Decision 0101 has a row for each of these kinds, and `KINDS` says which questions are of it:
a difference that is of no kind is a defect of one of the two.
"""

import random
import re
from dataclasses import dataclass
from typing import Final

import rattler

from xconda_core.models.match_spec import InvalidMatchSpec, MatchSpec
from xconda_core.models.package_record import PackageRecord
from xconda_core.models.version import InvalidVersion, Version
from xconda_core.models.version_spec import InvalidVersionSpec, VersionSpec

WORDS: Final = ["a", "b", "rc", "dev", "post", "alpha", "x", "RC", "g"]
BUILDS: Final = ["py312_0", "py27_1", "h1_0", "x_cp312", "PY312_0", "0"]
BUILD_PATTERNS: Final = ["py312_0", "py*", "*_0", "*cp3*", "h1_0", "*", "^py(27|3.*)_.$", "PY27_1"]
ODD: Final = 0.1  # of all literals and of all clauses

REFUSED: Final = "refused"


@dataclass(frozen=True, slots=True)
class Question:
    """What both are asked.

    Attributes:
        kind: ``order`` of two versions, a ``constraint`` or a ``spec``.
        asked: The version, constraint or spec.
        of: The version or record (name, version, build and build number with / between).
    """

    kind: str
    asked: str
    of: str


def a_question(choose: random.Random) -> Question:
    """Make up a question."""
    kind = choose.choice(["order", "constraint", "spec"])
    literal = a_literal(choose)
    near = one_near(literal, choose)
    if kind == "order":
        return Question(kind, literal, near)
    constraint = a_constraint(literal, choose)
    if kind == "constraint":
        return Question(kind, constraint, near)
    name = choose.choice(["pkg", "pkg", "pkg", "pkg-x"])
    record = f"{name}/{near}/{choose.choice(BUILDS)}/{choose.randint(0, 3)}"
    return Question(kind, a_spec(constraint, choose), record)


def a_literal(choose: random.Random) -> str:
    parts = []
    for _ in range(choose.randint(1, 4)):
        tail = choose.choice(WORDS) + choose.choice(["", "1"]) if choose.random() < 0.2 else ""
        parts.append(f"{choose.randint(0, 12)}{tail}")
    epoch = "1!" if choose.random() < 0.05 else ""
    local = choose.choice(["+1", "+a.2", "+0"]) if choose.random() < 0.05 else ""
    literal = epoch + choose.choice([".", ".", "_", "-"]).join(parts) + local
    if choose.random() >= ODD:
        return literal
    return choose.choice(
        [literal + "_", literal + "*", f"{literal}.{2**choose.randint(30, 70)}", f"v{literal}",
         literal + "..1", f"{literal}+{literal}", f"0{literal}", literal.replace(".", "_", 1),
         f"{literal}.{'1' * choose.randint(30, 70)}", literal + choose.choice("~ #é.!+-")]
    )  # fmt: skip


def one_near(literal: str, choose: random.Random) -> str:
    if choose.random() < 0.2 or "+" in literal:
        return literal
    if choose.random() < 0.6:
        return literal + choose.choice(
            [".0", ".1", "a1", "post", "dev", "rc1", "+1", ".post1", ".0rc1", "_"]
        )
    return a_literal(choose)


def a_constraint(literal: str, choose: random.Random) -> str:
    constraint = a_clause(literal, choose)
    for _ in range(choose.choice([0, 0, 1, 2])):
        constraint += choose.choice([",", "|"]) + a_clause(one_near(literal, choose), choose)
    if choose.random() < ODD:
        constraint = f"({constraint}),{a_clause(literal, choose)}"
    return constraint


def a_clause(literal: str, choose: random.Random) -> str:
    operator = choose.choice(["", "==", "=", "!=", "<", "<=", ">", ">=", "~=", ">=", "<"])
    if choose.random() < ODD:
        return choose.choice(
            [f"{operator}*", f"{operator}{literal}.*", f"{operator}{literal}*", f"=={literal}.*",
             f"{operator}{literal}.*.*", f"{literal}.*.1", f"^{re.escape(literal)}.*$",
             f"{operator} {literal}", f"{operator}{operator}{literal}", f"~={literal}+1"]
        )  # fmt: skip
    stars = operator in {"", "=", "!="} and "+" not in literal and choose.random() < 0.4
    return operator + literal + (".*" if stars else "")


def a_spec(constraint: str, choose: random.Random) -> str:
    name = choose.choice(["pkg", "pkg", "pkg", "PKG", "pkg*", "*"])
    pattern = choose.choice(BUILD_PATTERNS)
    number = choose.choice(["", ">=", "<", "!="]) + str(choose.randint(0, 3))
    glued = constraint if constraint[0] in "<>=!~" else f"=={constraint}"
    quoted = constraint.replace("'", "")
    return choose.choice(
        [
            f"{name} {constraint}", f"{name} {constraint}", f"{name}{glued}",
            f"{name} {constraint} {pattern}", f"{name}[version='{quoted}']",
            f"{name}[version='{quoted}', build='{pattern}', build_number='{number}']",
            f"{name} * {pattern}", f"{name}[build_number='{number}']", name,
            f"{name}={constraint}={pattern}", f"{name}[build='{pattern}']",
        ]
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kind:
    """Questions on which the two are known to differ.

    Attributes:
        case: How the row of decision 0101 begins that says why.
        sign: Found in the texts of such a question.
        outcome: ``we refuse``, ``rattler refuses`` or ``answers differ``.
        where: Whether the sign is in ``versions``, in ``constraints`` and specs, or in ``both``.
    """

    case: str
    sign: re.Pattern[str]
    outcome: str
    where: str = "constraints"


_END: Final = r"(?![\w.+!*-])"  # of a literal
_LITERAL: Final = r"[\w.+!-]*"
WE_REFUSE: Final = "we refuse"
THEY_REFUSE: Final = "rattler refuses"
DIFFER: Final = "answers differ"

KINDS: Final = (
    Kind("`1.0*` as a version", re.compile(r"\*"), THEY_REFUSE, "versions"),
    Kind("`4x_` against `4x`", re.compile(r"[A-Za-z][_-]+" + _END), DIFFER, "both"),
    Kind("`1.0+a_`", re.compile(r"\+[\w.-]*[_-](?![0-9A-Za-z])"), WE_REFUSE, "both"),
    Kind("runs of digits above 2^31-1", re.compile(r"\d{19}"), THEY_REFUSE, "both"),
    Kind("spaces around a version", re.compile(r"^ | $"), THEY_REFUSE, "versions"),
    Kind("`=1.2+0`", re.compile(r"(?<![=<>!~])= ?[^,|]*\+0(?!\d)|\+0\.?\*"), DIFFER),
    Kind("`>1.2.*`", re.compile(rf">{_LITERAL}\.\*"), DIFFER),
    Kind("`>1.2*`, `==1.2*`, `!=1.2*`", re.compile(rf"[=<>]{_LITERAL}[^.]\*"), DIFFER),
    Kind("`==1.2.*`", re.compile(rf"=={_LITERAL}\.\*"), DIFFER),
    Kind("`~=1.2.*`", re.compile(rf"~={_LITERAL}\*"), WE_REFUSE),
    Kind("`~=1`", re.compile(rf"~=[^._,|-]*{_END}"), DIFFER),
    Kind("`~=1.2+3`", re.compile(rf"~={_LITERAL}\+"), DIFFER),
    Kind(
        "`=2013a`, `2013a.*`",
        re.compile(rf"(?<![=<>!~])= ?{_LITERAL}[A-Za-z]{_END}|[A-Za-z]\.?\*"),
        DIFFER,
    ),
    Kind(
        "`1.0.*` against `1rc1`",
        re.compile(rf"(?:^|[^\w])0*\.?\*|[._-]0*\.?\*|(?<![=<>!~])= ?{_LITERAL}[._-]0{_END}"),
        DIFFER,
    ),
    Kind(
        "`=2013a`, `2013a.*`",
        re.compile(rf"~={_LITERAL}[A-Za-z][._-]\w+{_END}"),
        DIFFER,
    ),
    Kind("`1.*.3`, `^...$`", re.compile(r"\*[^,|)\s]*[\w*]|\^"), THEY_REFUSE),
    Kind("`2.*.*`", re.compile(r"\*\.\*"), DIFFER),
    Kind("`>= 1.7` as a constraint", re.compile(r"[<>=~] "), WE_REFUSE),
    Kind("`name[version=' 1']`", re.compile(r"' | '[,\]]|^ |\(| $| [,|)]"), THEY_REFUSE),
    Kind("`name#comment` without a space", re.compile(r"\S#"), WE_REFUSE),
)


CUT_SHORT: Final = Kind("`name 1.2é`, `name 1+2+3`", re.compile(""), WE_REFUSE)


def explanation(question: Question, ours: str, theirs: str) -> Kind | None:
    """Return the kind that a difference between two answers is of; None for a defect."""
    outcome = WE_REFUSE if ours == REFUSED else THEY_REFUSE if theirs == REFUSED else DIFFER
    is_order = question.kind == "order"
    version = question.of.split("/")[1] if question.kind == "spec" else question.of
    texts = {
        "versions": [version, question.asked] if is_order else [version],
        "constraints": [] if is_order else [question.asked],
        "both": [version, question.asked],
    }
    if outcome == WE_REFUSE and question.kind == "spec" and _is_cut_short(question.asked):
        return CUT_SHORT
    for kind in KINDS:
        if kind.outcome == outcome and any(kind.sign.search(text) for text in texts[kind.where]):
            return kind
    return None


def _is_cut_short(spec: str) -> bool:
    """Whether rattler has taken a part of the version for the build."""
    build = rattler.MatchSpec(spec, exact_names_only=False).build
    return build is not None and str(build) not in BUILD_PATTERNS


def our_answer(question: Question) -> str:
    """Return what we say, as a word."""
    try:
        if question.kind == "order":
            return _order(Version.parse(question.asked), Version.parse(question.of))
        if question.kind == "constraint":
            wanted = VersionSpec.parse(question.asked)
            return str(wanted.matches(Version.parse(question.of)))
        name, version, build, number = question.of.split("/")
        Version.parse(version)
        record = PackageRecord(name=name, version=version, build=build, build_number=int(number))
        return str(MatchSpec.parse(question.asked).matches(record))
    except (InvalidVersion, InvalidVersionSpec, InvalidMatchSpec, ValueError):
        return REFUSED


def rattlers_answer(question: Question) -> str:
    """Return what py-rattler says, as a word."""
    try:
        if question.kind == "order":
            return _order(rattler.Version(question.asked), rattler.Version(question.of))
        if question.kind == "constraint":
            wanted = rattler.VersionSpec(question.asked)
            return str(wanted.matches(rattler.Version(question.of)))
        name, version, build, number = question.of.split("/")
        record = rattler.PackageRecord(
            name=name,
            version=version,
            build=rattler.BuildString(build),
            build_number=int(number),
            subdir="noarch",
        )
        spec = rattler.MatchSpec(question.asked, exact_names_only=False)
        return str(spec.matches(record))
    except Exception:
        return REFUSED


def _order(one: object, other: object) -> str:
    if one == other:
        return "same"
    return "before" if one < other else "after"  # type: ignore[operator]
