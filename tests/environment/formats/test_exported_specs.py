"""What is asked for and what is installed, as a list of conda's requirements."""

from xconda_core.environment.formats.exports import (
    EnvironmentContents,
    ExportRules,
    export_text,
)
from xconda_core.environment.formats.text_files import parse_specs
from xconda_core.models.package_record import PackageRecord

PACKAGE = PackageRecord(name="a", version="1.0", build="py_0", channel="https://h/c")


def specs_of(contents: EnvironmentContents) -> list[str]:
    text = export_text(contents, "requirements", ExportRules())
    return [line for line in text.splitlines() if not line.startswith("#")]


def test_specs_are_spelt_as_conda_spells_them() -> None:
    requested = ("a=1.0=py_0", "b >=1,<2", "c::d 1.5.*", "e")
    specs = specs_of(EnvironmentContents(requested=requested))
    assert specs == ["a==1.0=py_0", "b[version='>=1,<2']", "c::d=1.5", "e"]


def test_a_package_is_asked_for_by_its_version_and_its_build_and_by_nothing_less() -> None:
    contents = EnvironmentContents(
        records={"linux-64": (PACKAGE,)}, channel_names={"https://h/c": "c"}
    )
    specs = specs_of(contents)
    assert specs == ["c::a==1.0=py_0"]
    text = export_text(contents, "requirements", ExportRules())
    assert parse_specs(text, "requirements.txt", {}).dependencies == tuple(specs)
