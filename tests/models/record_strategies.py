"""Records as hypothesis makes them up."""

from hypothesis import strategies as st

from xconda_core.errors import Json

LEAST: dict[str, Json] = {"name": "numpy", "version": "1.8.1", "build": "py27_0"}

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2)
    ),
    max_leaves=3,
)
texts = st.text(max_size=8)
lists_of_texts = st.lists(texts, max_size=3)
documents = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["numpy", "_r-mutex", "__glibc", "zope.interface"]),
        "version": st.sampled_from(["1.0", "1!2.0+3", "2013a"]),
        "build": st.sampled_from(["0", "py27_0", ""]),
        "build_number": st.integers(0, 10**9),
    },
    optional={
        "depends": lists_of_texts,
        "constrains": lists_of_texts,
        "subdir": st.sampled_from(["noarch", "linux-64"]),
        "channel": st.sampled_from(["https://x.example/c", "defaults", "file:///srv/c?d"]),
        "url": st.sampled_from(["https://x.example/c/noarch/a-1-0.conda", "file:///a?b.conda"]),
        "fn": st.sampled_from(["a-1-0.conda", "a-1-0.tar.bz2"]),
        "noarch": st.sampled_from(["python", "generic"]),
        "size": st.integers(0, 10**12),
        "timestamp": st.integers(10**12, 10**13),
        "md5": st.sampled_from(["0a" * 16]),
        "sha256": st.sampled_from(["0a" * 32]),
        "license": texts,
        "license_family": texts,
        "track_features": st.sampled_from(["mkl", "mkl debug"]),
        "features": st.sampled_from(["mkl"]),
        "python_site_packages_path": texts,
        "arch": st.sampled_from(["x86_64"]),
        "legacy_bz2_size": st.integers(0, 9),
        "something_new": json_values,
    },
)
