"""What options mean, and that each of them means something."""

from dataclasses import fields
from pathlib import Path

import pytest

from tests.read_settings import read_settings
from xconda_core.cli.options import add_flow, add_output, add_specs, add_target, overrides
from xconda_core.cli.parser import CommandParser
from xconda_core.cli.request_options import add_channels
from xconda_core.config.settings import Settings
from xconda_core.config.solver_names import strange_solver


def a_parser() -> CommandParser:
    parser = CommandParser("xconda try", description="", columns=80)
    add_specs(parser, "packages")
    add_target(parser)
    add_channels(parser)
    add_flow(parser)
    add_output(parser)
    return parser


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], {}),
        (["--json"], {"json": True}),
        (["-q"], {"quiet": True}),
        (["-v"], {"verbosity": 1}),
        (["-vvv", "-v"], {"verbosity": 4}),
        (["--debug"], {"verbosity": 3}),
        (["--trace"], {"verbosity": 4}),
        (["-y"], {"always_yes": True}),
        (["--yes"], {"always_yes": True}),
        (["-d"], {"dry_run": True}),
        (["--offline"], {"offline": True}),
        (["-k"], {"ssl_verify": False}),
        (["--strict-channel-priority"], {"channel_priority": "strict"}),
        (["--no-channel-priority"], {"channel_priority": "disabled"}),
        (["--channel-priority"], {"channel_priority": "flexible"}),
        (["--use-local"], {"use_local": True}),
        (["-C"], {"use_index_cache": True}),
        (["--use-index-cache"], {"use_index_cache": True}),
        (["--repodata-fn", "a", "--repodata-fn", "b"], {"repodata_fns": ["a", "b"]}),
        (["--experimental", "jlap"], {"experimental": ["jlap"]}),
        (["--repodata-use-zst"], {"repodata_use_zst": True}),
        (["--no-repodata-use-zst"], {"repodata_use_zst": False}),
        (["--repodata-use-shards"], {"repodata_use_shards": True}),
        (["--no-repodata-use-shards"], {"repodata_use_shards": False}),
    ],
    ids=str,
)
def test_an_option_overrides_one_setting_and_silence_none(
    words: list[str], expected: dict[str, object]
) -> None:
    given = overrides(a_parser().parse(words))

    assert given == expected
    assert given.keys() <= {field.name for field in fields(Settings)}


def test_options_and_packages_may_stand_in_any_order() -> None:
    values = a_parser().parse(["a", "-n", "demo", "b", "--dry-run", "c", "-c", "one", "-c", "two"])

    assert values.specs == ["a", "b", "c"]
    assert values.name == "demo"
    assert values.channels == ["one", "two"]


@pytest.mark.parametrize("name", ["classic", "libmamba", "rattler"])
def test_another_tools_solver_is_told_that_xcondas_own_answers(name: str, tmp_path: Path) -> None:
    settings = read_settings({"solver": name}, {"HOME": str(tmp_path)}, root_prefix=tmp_path)

    assert strange_solver(settings) == (
        f"the solver {name} is another tool's: xconda's own answers in its place."
    )


def test_another_tools_solver_in_a_shared_file_is_no_matter(tmp_path: Path) -> None:
    (tmp_path / ".condarc").write_text("solver: libmamba\n", encoding="utf-8")

    settings = read_settings({}, {"HOME": str(tmp_path)}, root_prefix=tmp_path)

    assert settings.solver == "libmamba"
    assert strange_solver(settings) == ""
