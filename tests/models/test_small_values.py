"""Values of a few lines: virtual packages, names of Python projects, what is known of trust."""

from xconda_core.models.package_trust import PackageTrust, Trust
from xconda_core.models.path_lists import installed_paths_to_json, read_installed_paths
from xconda_core.models.python_package import conda_name, project_name
from xconda_core.models.virtual_package import VirtualPackage


def test_a_build_string_is_found_out_once_and_when_it_is_asked_for() -> None:
    asked = []

    def find_out() -> str:
        asked.append(1)
        return "x86_64"

    package = VirtualPackage("__archspec", "1", find_out)
    assert not package.is_found_out
    assert (str(package), repr(package)) == (
        "__archspec=1=x86_64",
        "VirtualPackage('__archspec', '1', 'x86_64')",
    )
    assert (package.is_found_out, asked) == (True, [1])


def test_virtual_packages_are_equal_by_what_they_say() -> None:
    package = VirtualPackage("__glibc", "2.36", "0")
    assert {package, VirtualPackage("__glibc", "2.36", lambda: "0")} == {package}
    assert package != VirtualPackage("__glibc", "2.37", "0")
    assert package != "__glibc=2.36=0"


def test_projects_that_conda_calls_otherwise_are_known_both_ways() -> None:
    assert conda_name("Torch") == "pytorch"
    assert project_name("pytorch") == "torch"
    assert conda_name("Ruamel_Yaml") == project_name("ruamel.yaml") == "ruamel-yaml"


def test_trust_is_whole_where_all_is_signed_and_nothing_is_the_matter() -> None:
    signed = PackageTrust(name="apple", dist_name="apple-1-0", status="signed")
    other = PackageTrust(name="pear", dist_name="pear-1-0", status="unsigned")
    assert Trust(packages=(signed,)).is_whole
    assert not Trust(packages=(signed, other)).is_whole
    assert not Trust(packages=(signed,), problem="the root has expired").is_whole
    assert Trust(packages=(signed, other)).of("unsigned") == (other,)


def test_a_link_mark_that_some_old_conda_left_empty_is_not_written_again() -> None:
    content = b'{"paths_version":1,"paths":[{"_path":"a","path_type":"hardlink","no_link":null}]}'
    document = installed_paths_to_json(read_installed_paths(content))
    assert "no_link" not in str(document)
