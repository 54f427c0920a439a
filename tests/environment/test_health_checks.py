"""What each health check finds in a snapshot, and what it lets pass."""

from pathlib import Path

import pytest

from xconda_core.environment.health import (
    FileFacts,
    Finding,
    OwnedPath,
    PrefixSnapshot,
    Surroundings,
)
from xconda_core.environment.health_files import (
    altered_files,
    broken_links,
    missing_files,
    permissions,
)
from xconda_core.environment.health_packages import (
    consistency,
    pip_overwrites,
    python_metadata,
    python_version,
)
from xconda_core.environment.health_surroundings import (
    environment_txt,
    file_locking,
    pinned,
    requests_ca_bundle,
    shadowing,
)
from xconda_core.models.environment_state import EnvironmentState
from xconda_core.models.package_paths import InstalledPath
from xconda_core.models.package_record import PackageRecord
from xconda_core.models.prefix_record import PrefixRecord
from xconda_core.models.python_package import PythonPackage
from xconda_core.models.virtual_package import VirtualPackage

PREFIX = Path("/env")
SITE = "lib/python3.12/site-packages"


def a_file(size: int = 1, mode: int = 0o644, owner: int = 7) -> FileFacts:
    return FileFacts("file", size, mode, owner)


def a_package(name: str, version: str = "1.0", **more: object) -> PrefixRecord:
    files = more.pop("files", ())
    record = PackageRecord(name=name, version=version, build="0", channel="c", **more)  # type: ignore[arg-type]
    return PrefixRecord(record=record, files=files)  # type: ignore[arg-type]


def with_files(
    *paths: InstalledPath,
    files: dict[str, FileFacts] | None = None,
    digests: dict[str, str] | None = None,
) -> PrefixSnapshot:
    return PrefixSnapshot(
        prefix=PREFIX,
        state=EnvironmentState(prefix=PREFIX),
        owned={path.path: OwnedPath("owner", path) for path in paths},
        files=files or {},
        digests=digests or {},
    )


def with_packages(
    *packages: PrefixRecord,
    pip: tuple[PythonPackage, ...] = (),
    surroundings: Surroundings | None = None,
    **more: object,
) -> PrefixSnapshot:
    return PrefixSnapshot(
        prefix=PREFIX,
        state=EnvironmentState(
            prefix=PREFIX,
            installed={each.name: each for each in packages},
            python_packages={each.name: each for each in pip},
            **more,  # type: ignore[arg-type]
        ),
        surroundings=surroundings or Surroundings(),
    )


def a_project(name: str, version: str = "1.0", *requires: str) -> PythonPackage:
    return PythonPackage(
        project=name,
        version=version,
        kind="dist-info",
        anchor=f"{SITE}/{name}-{version}.dist-info",
        requires=requires,
    )


def what(findings: tuple[Finding, ...]) -> list[str]:
    return [each.what for each in findings]


def test_a_file_that_is_gone_is_missing_but_byte_code_is_not() -> None:
    snapshot = with_files(
        InstalledPath(path="bin/x"), InstalledPath(path="x.pyc", path_type="pyc_file")
    )

    [found] = missing_files(snapshot)

    assert (found.package, found.path, found.is_file) == ("owner", "bin/x", True)


@pytest.mark.parametrize(
    ("listed", "there", "digest", "says"),
    [
        (InstalledPath(path="f", size_in_bytes=1), a_file(), None, ""),
        (InstalledPath(path="f", size_in_bytes=2), a_file(), None, "1 bytes instead of 2"),
        (InstalledPath(path="f", sha256="aa"), a_file(), "aa", ""),
        (InstalledPath(path="f", sha256="aa"), a_file(), "bb", "was changed"),
        (InstalledPath(path="f", sha256="aa", sha256_in_prefix="bb"), a_file(), "bb", ""),
        (InstalledPath(path="f", sha256="aa", sha256_in_prefix="bb"), a_file(), "aa", "changed"),
        (InstalledPath(path="f", size_in_bytes=9, prefix_placeholder="/p"), a_file(), None, ""),
        (InstalledPath(path="f"), FileFacts("folder", 0, 0o755, 7), None, "is a folder now"),
        (InstalledPath(path="f", path_type="softlink"), a_file(), None, "was a link"),
    ],
)
def test_a_file_is_altered_where_size_kind_or_digest_differ(
    listed: InstalledPath, there: FileFacts, digest: str | None, says: str
) -> None:
    digests = {"f": digest} if digest else {}

    found = what(altered_files(with_files(listed, files={"f": there}, digests=digests)))

    assert (says in found[0]) if says else (found == [])


def test_a_link_to_a_file_of_the_environment_that_is_gone_is_a_problem() -> None:
    broken = FileFacts("link", 1, 0o777, 7, "libx.so.1", is_broken=True)
    alone = InstalledPath(path="lib/libx.so", path_type="softlink")
    target = InstalledPath(path="lib/libx.so.1")

    [inside] = broken_links(with_files(alone, target, files={"lib/libx.so": broken}))
    [outside] = broken_links(with_files(alone, files={"lib/libx.so": broken}))

    assert (inside.level, outside.level) == ("problem", "warning")


def test_permissions_that_lock_their_own_user_out_are_found() -> None:
    facts = {
        "f": a_file(mode=0),
        "conda-meta": FileFacts("folder", 0, 0o555, 7),
        "conda-meta/history": a_file(mode=0o644),
        "g": a_file(owner=0),
    }
    snapshot = with_files(InstalledPath(path="f"), InstalledPath(path="g"), files=facts)
    mine = PrefixSnapshot(
        prefix=PREFIX,
        state=snapshot.state,
        owned=snapshot.owned,
        files=facts,
        surroundings=Surroundings(user=7),
    )

    assert [(each.path, each.level) for each in permissions(mine)] == [
        ("f", "problem"),
        ("conda-meta", "problem"),
        ("g", "warning"),
    ]


def test_what_packages_ask_for_in_vain_is_said_with_what_there_is() -> None:
    snapshot = with_packages(
        a_package("app", depends=("lib >=2", "gone", "__glibc >=2.17")),
        a_package("picky", constrains=("lib <1", "absent <1")),
        a_package("lib", "1.0"),
        surroundings=Surroundings(virtual_packages=(VirtualPackage("__glibc", "2.31"),)),
    )

    assert what(consistency(snapshot)) == [
        "app 1.0 needs lib >=2, which 1.0 0 is not.",
        "app 1.0 needs gone, which is not installed.",
        "picky 1.0 stands against lib <1, which 1.0 0 is not.",
    ]


def test_what_only_pip_provides_is_a_warning() -> None:
    app = a_package("app", depends=("typing_extensions >=4",))

    [found] = consistency(with_packages(app, pip=(a_project("typing-extensions", "4.9"),)))

    assert (found.level, found.package) == ("warning", "app")


def test_what_projects_of_pip_require_is_judged_by_their_markers() -> None:
    asks = (
        "lib>=2",
        "extra-only; extra == 'all'",
        "windows-only; sys_platform == 'win32'",
        "old-only; python_version < '3.8'",
        "new-only; python_version >= '3.12'",
        "not a requirement",
    )
    snapshot = with_packages(
        a_package("python", "3.12.1", subdir="linux-64"),
        a_package("lib", "1.5"),
        pip=(a_project("solo", "1.0", *asks),),
    )

    assert what(consistency(snapshot)) == [
        "solo 1.0 of pip needs lib>=2, and 1.5 is there.",
        "solo 1.0 of pip needs new-only, and it is not there.",
    ]


def test_a_python_package_of_another_python_is_found() -> None:
    files = ("lib/python3.11/site-packages/six.py",)
    six = a_package("six", noarch="python", files=files)
    python = a_package("python", "3.12.1", subdir="linux-64")

    assert what(python_version(with_packages(python, six))) == [
        f"six lies in lib/python3.11/site-packages; Python looks in {SITE}."
    ]
    assert what(python_version(with_packages(six))) == [
        "six is a Python package, and there is no Python."
    ]
    good = a_package("six", noarch="python", files=(f"{SITE}/six.py",))
    assert python_version(with_packages(python, good)) == ()


def test_a_project_of_pip_over_a_package_of_conda_is_found() -> None:
    snapshot = with_packages(a_package("numpy"), pip=(a_project("NumPy", "2.0"), a_project("solo")))

    [found] = pip_overwrites(snapshot)

    assert found.package == "numpy"
    assert "--force-reinstall numpy" in found.fix


def test_damaged_metadata_is_a_warning() -> None:
    [found] = python_metadata(with_packages(python_problems=("lib/x is passed over: why.",)))

    assert (found.level, found.path, found.what) == (
        "warning",
        "lib/x",
        "Lib/x is passed over: why.",
    )


def test_pins_that_cannot_be_read_or_contradict_each_other_are_found() -> None:
    found = pinned(with_packages(pinned=("numpy <2", "python >=<3", "numpy >1")))

    assert len(found) == 2
    assert "numpy is pinned more than once." in what(found)


def test_surroundings_are_found_where_they_matter() -> None:
    around = Surroundings(
        variables={"PYTHONPATH": "/mine", "REQUESTS_CA_BUNDLE": "/nowhere"},
        ca_bundle_exists=False,
        is_registered=False,
        lock_problem="no locks",
        user_site="/home/.local/lib/python3.12/site-packages",
        user_projects={"numpy": "1.0", "else": "2", "torch": "2.9", "tzdata": "1"},
        foreign_libraries=("libssl.so.3",),
    )
    snapshot = with_packages(
        a_package("numpy", "2.0"),
        a_package("pytorch", "2.0"),
        a_package("tzdata"),
        surroundings=around,
    )

    assert [each.level for each in environment_txt(snapshot)] == ["warning"]
    assert "/nowhere" in what(requests_ca_bundle(snapshot))[0]
    assert "no locks" in what(file_locking(snapshot))[0]
    shadows = what(shadowing(snapshot))
    assert len(shadows) == 4
    assert "PYTHONPATH is set to /mine" in shadows[0]
    assert "numpy 1.0 of /home" in shadows[1]
    assert "torch 2.9 of /home" in shadows[2]
    assert "libssl.so.3" in shadows[3]


def test_in_ordinary_surroundings_nothing_is_found() -> None:
    snapshot = with_packages(a_package("numpy"))

    for check in (environment_txt, requests_ca_bundle, file_locking, shadowing, pinned):
        assert check(snapshot) == ()
