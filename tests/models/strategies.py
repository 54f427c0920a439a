"""Versions, constraints and specs as hypothesis makes them up."""

from hypothesis import strategies as st

from xconda_core.models.version import Version

numbers = st.integers(0, 300).map(str)
words = st.sampled_from(["a", "b", "rc", "dev", "post", "alpha", "x", "ab"])
parts = st.lists(st.one_of(numbers, words), min_size=1, max_size=3).map("".join)
literals = st.builds(
    lambda epoch, main, local: epoch + main + local,
    st.sampled_from(["", "", "0!", "1!"]),
    st.builds(str.join, st.sampled_from([".", "_"]), st.lists(parts, min_size=1, max_size=4)),
    st.sampled_from(["", "", "+0", "+1", "+local.1", "+a"]),
)
versions = literals.map(Version.parse)

operators = st.sampled_from(["", "==", "=", "!=", "<", "<=", ">", ">=", "~="])
clauses = st.one_of(
    st.builds(str.__add__, operators, literals),
    st.builds(lambda mark, text: f"{mark}{text}.*", st.sampled_from(["", "=", "!="]), literals),
    st.just("*"),
)
globs = st.sampled_from(["1.*.2", "*.1", "^1.*$", "^[0-2]\\.[0-9]+$", "!=1.*.2"])
constraints = st.recursive(
    st.one_of(clauses, clauses, clauses, globs),
    lambda inner: st.one_of(
        st.builds(",".join, st.lists(inner, min_size=2, max_size=3)),
        st.builds("|".join, st.lists(inner, min_size=2, max_size=3)),
        inner.map(lambda text: f"({text})"),
    ),
    max_leaves=5,
)

names = st.sampled_from(
    ["numpy", "python", "_r-mutex", "__glibc", "zope.int", "num*", "*", "^(?:a|b).$"]
)
builds = st.sampled_from(["py312_0", "*_cp312", "h1_*", "*", "^py(?:27|3\\d+)_.$", "0"])
values = {
    "build_number": st.sampled_from(["3", ">=2", "<7", "2|4", "!=0"]),
    "channel": st.sampled_from(["conda-forge", "pkgs/main", "https://x.example/c", "*forge"]),
    "subdir": st.sampled_from(["linux-64", "noarch", "mamba-37"]),
    "md5": st.sampled_from(["d41d8cd98f00b204e9800998ecf8427e", "FFBADD11"]),
    "fn": st.sampled_from(["x-1-0.conda", "it's.conda", 'a "b".conda']),
    "url": st.sampled_from(["https://x.example/c/noarch/x-1-0.conda"]),
    "license": st.sampled_from(["MIT", "*GPL*", "BSD 3"]),
    "track_features": st.sampled_from(["mkl", "mkl debug"]),
    "extras": st.sampled_from(["[a]", "[a, 'b']"]),
    "flags": st.sampled_from(["[cuda, 'blas:*']", "[cpu]"]),
    "when": st.sampled_from(["__win", "python >=3.6 and (a or b[build=x])"]),
}
brackets = st.fixed_dictionaries({}, optional=values)


def quoted(value: str) -> str:
    """Return a value as it may stand between brackets."""
    if value.startswith("["):
        return value
    escaped = value.replace('"', '\\"')
    return f'"{escaped}"'


specs = st.builds(
    lambda place, name, version, build, pairs: (
        f"{place}{name}"
        + (f" {version}" if version else "")
        + (f" {build}" if version and build else "")
        + (f"[{', '.join(f'{key}={quoted(pairs[key])}' for key in pairs)}]" if pairs else "")
    ),
    st.sampled_from(["", "", "conda-forge::", "conda-forge/linux-64::", "https://x.example/c::"]),
    names,
    st.one_of(st.just(""), constraints),
    st.one_of(st.just(""), builds),
    brackets,
)
