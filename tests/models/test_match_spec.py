"""MatchSpec: every written form, what it asks, and what is refused."""

import time

import pytest
from hypothesis import given

from tests.models.strategies import specs
from xconda_core.errors import Json
from xconda_core.models.conditions import Group
from xconda_core.models.match_spec import InvalidMatchSpec, MatchSpec
from xconda_core.models.package_record import PackageRecord
from xconda_core.models.version import Version


def a_record(name: str = "numpy", version: str = "1.8.1", **other: Json) -> PackageRecord:
    return PackageRecord.from_json({"name": name, "version": version, "build": "py27_0", **other})


@pytest.mark.parametrize(
    "text",
    [
        "pkg=1.8", "pkg =1.8", "pkg 1.8.*", "pkg 1.8.* *", "pkg=1.8.*", "pkg=1.8.*=*",
        "pkg =1.8.* *", "pkg[version=1.8.*]", "pkg[version='1.8.*']", "pkg 1.8*", "PKG=1.8",
        " pkg  1.8.* ", "pkg = 1.8", "pkg[version=\"=1.8\"]", "pkg 1.8.* # words", "ns:pkg=1.8",
        "pkg ==1.8.* *", "pkg==1.8.*", "pkg[version='==1.8.*']",
    ],
)  # fmt: skip
def test_these_ask_for_everything_that_starts_with_a_version(text: str) -> None:
    assert MatchSpec.parse(text) == MatchSpec.parse("pkg[version='1.8.*']")


@pytest.mark.parametrize(
    "text",
    [
        "pkg 1.8", "pkg 1.8 *", "pkg==1.8", "pkg=1.8=*", "pkg==1.8=*", "pkg ==1.8 *", "pkg == 1.8",
        "pkg[version=1.8]", 'pkg[version="1.8"]', "pkg[version='==1.8']", "pkg 1.8.0", "pkg =1.8 *",
    ],
)  # fmt: skip
def test_these_ask_for_one_version(text: str) -> None:
    assert MatchSpec.parse(text) == MatchSpec.parse("pkg[version=1.8]")


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("numpy 1.7*", "numpy=1.7"), ("numpy 1.7 py27_0", "numpy==1.7=py27_0"),
        ("numpy=1.7=py27_0", "numpy==1.7=py27_0"), ("numpy ==1.0=*_5", "numpy==1.0[build=*_5]"),
        ("numpy >=1.0 py27*", "numpy[version='>=1.0',build=py27*]"),
        ("numpy >= 1.0, < 2", "numpy[version='>=1.0,<2']"), ("numpy * *mkl", "numpy[build=*mkl]"),
        ("numpy!=1.10", "numpy!=1.10"), ("numpy ~=1.10.1", "numpy~=1.10.1"),
        ("numpy~=1.1=py27", "numpy[version='~=1.1',build=py27]"), ("numpy * *", "numpy"),
        ("conda-forge::foo[version=1.0.*]", "conda-forge::foo=1.0"), ("::numpy", "numpy"),
        ("conda-forge/linux-64::foo>=1.0", "conda-forge/linux-64::foo[version='>=1.0']"),
        ("*/linux-64::foo>=1.0", "foo[subdir=linux-64,version='>=1.0']"),
        ("c/linux-64::a[channel=d]", "d/linux-64::a"), ("c::a[channel='*']", "a"),
        ("c/linux-64::a[channel=d/noarch]", "d/noarch::a"), ("a[fn=x,md5=y]", "a[md5=y,fn=x]"),
        ("numpy[channel=https://x.example/c/osx-64, subdir=linux-64]",
         "https://x.example/c/linux-64::numpy"),
        ("numpy 3.0.* [version=1.2.3, build='x']", "numpy==1.2.3=x"), ("foo=1.7.*=py37_2",
         "foo=1.7[build=py37_2]"), ("py*>=3.7=*cpython", "py*[version='>=3.7',build=*cpython]"),
        ("https://a.b.c/conda-forge:namespace:foo", "https://a.b.c/conda-forge::foo"),
        ("x264 >=1 !164.3095,<1!165", "x264[version='>=1!164.3095,<1!165']"),
        ("numpy[version<2]", "numpy[version='<2']"), ("openssl=1.1.1_", "openssl=1.1.1_"),
        ("a (>=1,<2)|>3", "a[version='(>=1,<2)|>3']"),
        ("a[license_family=GPL]", "a[license_family=gpl]"),
        ("a[build_number='>=7']", "a[build_number='>=7']"),
        ("a[build_number='=3']", "a[build_number=3]"),
        ("^(num|sci)py$ >=1", "^(num|sci)py$[version='>=1']"),
        ("^c.*$::^(?:n|m)y$=1", "^(?:n|m)y$=1[channel=^c.*$]"), ("a[track_features='x y']",
         "a[track_features='x y']"), ("tomli[when='python<3.11']", "tomli[when=python<3.11]"),
        ("a[extras=[ y , 'x']]", "a[extras=['x', 'y']]"), ("a[flags=cpu]", "a[flags=['cpu']]"),
    ],
)  # fmt: skip
def test_a_spec_is_printed_as_conda_prints_it(text: str, canonical: str) -> None:
    assert str(MatchSpec.parse(text)) == canonical


@given(specs)
def test_a_printed_spec_is_read_back_as_itself(text: str) -> None:
    spec = MatchSpec.parse(text)
    assert MatchSpec.parse(str(spec)) == spec
    assert hash(MatchSpec.parse(str(spec))) == hash(spec)
    assert str(MatchSpec.parse(str(spec))) == str(spec)


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("numpy>=1.2 <2", "numpy>=1.2⟨here⟩ <2"), ("numpy>=1,,<2", "numpy>=1,⟨here⟩,<2"),
        ("numpy[version='>=1'", "numpy[version='>=1'⟨here⟩"), ("numpy]", "⟨here⟩numpy]"),
        ("numpy[build=]", "numpy[build=⟨here⟩]"), ("numpy[colour=red]", "numpy[⟨here⟩colour=red]"),
        ("numpy[build]", "numpy[build⟨here⟩]"),
        ("a[build=x, build=y]", "a[build=x, ⟨here⟩build=y]"),
        ("numpy; if python", "numpy⟨here⟩; if python"),
        ("numpy if python>3", "numpy if⟨here⟩ python>3"),
        ("numpy 1.2#3", "numpy 1.2⟨here⟩#3"), ("a\nb", "a⟨here⟩\nb"), ("pkg--x", "⟨here⟩pkg--x"),
        ("foo=", "foo=⟨here⟩"), ("=1.0", "⟨here⟩=1.0"), ("conda-forge::", "conda-forge::⟨here⟩"),
        ("a[extras=[x,,y]]", "a[extras=[x,⟨here⟩,y]]"),
        ("a[extras=[x Y]]", "a[extras=[x ⟨here⟩Y]]"),
        ("a[version='>1'][build=0]", "a[version='>1']⟨here⟩[build=0]"),
        ("a >=1..0", "a ⟨here⟩>=1..0"),
        ("a[build=0]{x}", "a[build=0]⟨here⟩{x}"), ("a[when='b and']", "a[when='b and⟨here⟩']"),
        ("a[when='b[when=c]']", "a[when='b[when=⟨here⟩c]']"), ("c::d::a", "c::d⟨here⟩::a"),
        ("a@1.0", "⟨here⟩a@1.0"), ("num/py", "⟨here⟩num/py"),
        ("a= !=1[version=1]", "a= ⟨here⟩!=1[version=1]"),
        ("a[build='^(x$']", "a[build='⟨here⟩^(x$']"), ("a(>=1)", "a⟨here⟩(>=1)"),
        ("a[build=x,,md5=y]", "a[build=x,⟨here⟩,md5=y]"), ("a[build=x\\]", "a[build=⟨here⟩x\\]"),
        ("a[build='x]", "a[build=⟨here⟩'x]"),
        ("a[track_features=',']", "a[track_features='⟨here⟩,']"),
        ("a*é b", "⟨here⟩a*é b"), ("a[channel='x y']", "a[channel='⟨here⟩x y']"),
        ("a[extras=[X]]", "a[extras=[⟨here⟩X]]"), ("a[flags=['x y']]", "a[flags=['⟨here⟩x y']]"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_its_place(text: str, marked: str) -> None:
    with pytest.raises(InvalidMatchSpec) as refusal:
        MatchSpec.parse(text)
    assert refusal.value.why.startswith(f"at {marked!r}: ")


def test_an_address_that_is_all_secret_is_refused() -> None:
    with pytest.raises(InvalidMatchSpec, match="nothing is left") as refusal:
        MatchSpec.parse("a[url='t/SEKRET']")
    assert "SEKRET" not in str(refusal.value)


def test_a_condition_in_the_form_that_was_rejected_is_refused_with_the_form_to_write() -> None:
    with pytest.raises(InvalidMatchSpec, match=r"name\[when='python>=3.10'\]"):
        MatchSpec.parse("numpy; if python")


def test_a_refusal_shows_no_credentials() -> None:
    with pytest.raises(InvalidMatchSpec) as refusal:
        MatchSpec.parse("https://me:SEKRET@x.example/t/SEKRET/c::numpy >=1 <2")
    assert "SEKRET" not in str(refusal.value)
    assert "SEKRET" not in str(refusal.value.to_json())


def test_credentials_of_a_channel_are_not_kept() -> None:
    spec = MatchSpec.parse("https://me:SEKRET@x.example/t/SEKRET/c/linux-64::numpy")
    assert "SEKRET" not in repr(spec) + repr(spec.fields)
    assert spec.channel == "https://x.example/c"


@pytest.mark.parametrize(
    "text",
    ["a" + "[" * 5000, "a " + "(" * 3000, "a[when='" + "(" * 3000 + "']", "a:" * 2000, " " * 9000,
     "a " + "1," * 4000, "a[" + "build=x " * 900, "a >" + " " * 5000 + ">",
     "a[build='^" + "(" * 999 + "$']"],
)  # fmt: skip
def test_a_hostile_text_is_refused_at_once(text: str) -> None:
    start = time.perf_counter()
    with pytest.raises(InvalidMatchSpec):
        MatchSpec.parse(text)
    assert time.perf_counter() - start < 10


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("numpy", True), ("scipy", False), ("NumPy", True), ("num*", True), ("*", True),
        ("* 1.8*", True), ("numpy 1.8.1 py27_0", True), ("numpy 1.8.1 PY27_*", True),
        ("numpy 1.8.1 py3*", False), ("numpy[build_number=0]", True),
        ("numpy[build_number='>0']", False),
        ("numpy[subdir=linux-64]", True), ("numpy[subdir=osx-64]", False),
        ("numpy[md5=ABCD]", True),
        ("numpy[md5=abce]", False), ("conda-forge::numpy", True), ("bioconda::numpy", False),
        ("https://x.example/conda-forge::numpy", True),
        ("https://y.example/conda-forge::numpy", False),
        ("conda-forge/linux-64::numpy", True), ("conda-forge/noarch::numpy", False),
        ("*[license=bsd*]", True), ("*[license=bsd]", False),
        ("numpy[fn=numpy-1.8.1-py27_0.conda]", True),
        ("*[track_features='mkl debug']", True), ("*[track_features=mkl]", False),
        ("numpy[flags=cpu]", True), ("numpy[flags=[cpu, 'blas:*']]", True),
        ("numpy[flags=cuda]", False),
        ("numpy[build='^py2[0-9]_.*$']", True), ("numpy[channel='*forge']", True),
        ("numpy[features=x]", False),
        ("numpy[when=__win,extras=[a]]", True), ("numpy[name=scipy]", True),
        ("*[name=scipy]", False), ("^n.*$", True), ("^(?:n|x)umpy$ 1.8.1 ^(?:py|x)27_0$", True),
        ("^num$", False), ("conda-forge::^n.*$", True), ("^d.*$::numpy", False),
        ("numpy[url='https://x.example/*']", True), ("numpy[build='^(?=.*_0$)(?:py.*)$']", True),
    ],
)  # fmt: skip
def test_a_record_is_matched_by_all_its_fields(text: str, expected: bool) -> None:
    record = a_record(
        subdir="linux-64", md5="abcd", channel="https://x.example/conda-forge",
        license="BSD-3-Clause",
        fn="numpy-1.8.1-py27_0.conda", url="https://x.example/conda-forge/linux-64/numpy.conda",
        track_features="debug mkl", flags=["cpu", "blas:mkl"],
    )  # fmt: skip
    assert MatchSpec.parse(text).matches(record) is expected


def test_a_record_whose_version_cannot_be_read_is_never_meant() -> None:
    assert not MatchSpec.parse("numpy").matches(a_record(version="1..8"))


def test_parts_answer_unless_the_record_is_needed() -> None:
    version = Version.parse("1.8")
    assert MatchSpec.parse("numpy >=1 py*").matches_parts("numpy", version, "py_0", 0) is True
    assert MatchSpec.parse("numpy >=2 py*").matches_parts("numpy", version, "py_0", 0) is False
    assert MatchSpec.parse("c::numpy >=1").matches_parts("numpy", version, "py_0", 0) is None
    assert MatchSpec.parse("c::numpy >=2").matches_parts("numpy", version, "py_0", 0) is False


@pytest.mark.parametrize(
    ("text", "needed"),
    [("numpy 1 2", False), ("numpy[build_number=1,extras=[a],when=b]", False), ("c::numpy", True),
    ("a[md5=ab]", True)],
)  # fmt: skip
def test_a_spec_says_whether_it_needs_the_record(text: str, needed: bool) -> None:
    assert MatchSpec.parse(text).needs_record is needed


def test_a_resolved_channel_matches_its_addresses_only() -> None:
    spec = MatchSpec.parse("conda-forge::numpy").in_channels(
        ["https://me:pw@x.example/conda-forge/"]
    )
    assert spec.matches(a_record(channel="https://x.example/conda-forge"))
    assert not spec.matches(a_record(channel="https://y.example/conda-forge"))


def test_a_condition_is_read_into_specs() -> None:
    spec = MatchSpec.parse("tomli[when='(python >=3.6 or pypy) and __unix']")
    python, pypy, unix = (MatchSpec.parse(text) for text in ("python >=3.6", "pypy", "__unix"))
    assert spec.when == Group("all", (Group("any", (python, pypy)), unix))


def test_extras_are_kept_as_written() -> None:
    assert MatchSpec.parse("ray[extras=[serve, 'tune+x']]").extras == {"serve", "tune+x"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://conda.anaconda.org/conda-forge/linux-64/x264-1%21164.3095-h166bdaf_2.tar.bz2",
         "https://conda.anaconda.org/conda-forge/linux-64::x264==1!164.3095=h166bdaf_2"),
        ("/home/u/conda-bld/noarch/foo-bar-1.0-py27_0.conda",
         "file:///home/u/conda-bld/noarch::foo-bar==1.0=py27_0"),
    ],
)  # fmt: skip
def test_the_address_of_an_archive_asks_for_that_archive(text: str, expected: str) -> None:
    spec, plain = MatchSpec.parse(text), MatchSpec.parse(expected)
    assert (spec.name, spec.version, spec.build) == (plain.name, plain.version, plain.build)
    assert (spec.channel, spec.subdir) == (plain.channel, plain.subdir)
    assert spec.url is not None
    assert spec.fn is not None
    assert MatchSpec.parse(str(spec)) == spec


@pytest.mark.parametrize("mark", ["#", "#md5=", "#md5:"])
def test_a_digest_behind_an_address_is_a_condition(mark: str) -> None:
    spec = MatchSpec.parse(f"https://x.example/c/noarch/a-1-0.conda{mark}{'0a' * 16}")
    assert spec.md5 == "0a" * 16


def test_an_archive_outside_a_channel_is_known_by_its_address_only() -> None:
    spec = MatchSpec.parse("https://x.example/files/a-1-0.conda")
    assert (spec.name, spec.version, spec.channel) == ("*", None, None)
    assert (spec.url, spec.fn) == ("https://x.example/files/a-1-0.conda", "a-1-0.conda")


@pytest.mark.parametrize("folder", ["a (copy)", "a,b", "a=b"])
def test_an_archive_in_a_folder_that_no_spec_can_name_is_known_by_its_address(folder: str) -> None:
    spec = MatchSpec.parse(f"/home/me/{folder}/noarch/a-1-0.conda")
    assert (spec.name, spec.channel, spec.fn) == ("*", None, "a-1-0.conda")
    assert MatchSpec.parse(str(spec)) == spec


@pytest.mark.parametrize("file", ["A B-1-0.conda", "a-1..0-0.conda", "a-1-0.zip#x", "a.conda"])
def test_an_archive_whose_name_is_none_is_refused(file: str) -> None:
    with pytest.raises(InvalidMatchSpec):
        MatchSpec.parse(f"https://x.example/c/noarch/{file}")


def test_a_spec_for_another_name_keeps_the_rest() -> None:
    spec = MatchSpec.parse("c::a >=1 *_0[sha256=ab]").with_name("b")
    assert spec == MatchSpec.parse("c::b >=1 *_0[sha256=ab]")
    assert (spec.sha256, spec != MatchSpec.parse("b")) == ("ab", True)


def test_values_of_other_kinds_are_equal_to_no_spec() -> None:
    assert MatchSpec.parse("a") != "a"


def test_a_digest_that_is_none_is_refused() -> None:
    with pytest.raises(InvalidMatchSpec, match="neither an md5 nor a sha256"):
        MatchSpec.parse("https://x.example/c/noarch/a-1-0.conda#sha256=abc")


def test_equal_specs_have_equal_hashes_however_they_are_written() -> None:
    forms = ["numpy>=1.0", "numpy[version='>=1']", "NumPy >= 1.0.0"]
    assert len({MatchSpec.parse(text) for text in forms}) == 1
