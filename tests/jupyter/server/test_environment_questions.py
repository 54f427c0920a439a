"""What there is to ask about one environment: why, tree, files, health, settings."""

import json
from pathlib import Path

import pytest

from tests.jupyter.server.conftest import Ask
from tests.jupyter.server.test_jobs import created


async def test_packages_say_what_was_asked_for_and_what_came_along(ask: Ask) -> None:
    prefix = await created(ask, "tool")
    _, found = await ask("GET", "packages", prefix=prefix)
    assert {each["name"]: each["requested"] for each in found["packages"]} == {
        "base-lib": "",
        "tool": "tool",
    }


async def test_why_tells_the_way_from_what_was_asked_for(ask: Ask) -> None:
    prefix = await created(ask, "tool")
    _, found = await ask("GET", "why", prefix=prefix, package="base-lib")
    (reason,) = found["packages"]
    assert [link["name"] for link in reason["chains"][0]] == ["tool", "base-lib"]
    assert reason["version_limit"] is None


async def test_why_not_newer_is_found_out_when_asked(ask: Ask) -> None:
    prefix = await created(ask, "tool=1.0")
    _, found = await ask("GET", "why", prefix=prefix, package="tool", with_version="true")
    assert found["packages"][0]["version_limit"]["newest"] == "2.0"


async def test_a_tree_is_read_line_by_line(ask: Ask) -> None:
    prefix = await created(ask, "tool")
    _, found = await ask("GET", "tree", prefix=prefix)
    assert [(line["depth"], line["name"]) for line in found["lines"]] == [
        (0, "tool"),
        (1, "base-lib"),
    ]
    _, found = await ask("GET", "tree", prefix=prefix, package="base-lib", invert="true")
    assert [line["name"] for line in found["lines"]] == ["base-lib", "tool"]


async def test_a_search_is_cut_at_the_limit_and_says_how_much_there_is(ask: Ask) -> None:
    _, found = await ask("GET", "search", query="tool", limit="1")
    assert ([each["version"] for each in found["packages"]], found["total"]) == (["2.0"], 2)


async def test_a_search_for_nothing_is_empty_and_names_what_is_near(ask: Ask) -> None:
    status, found = await ask("GET", "search", query="tol")
    assert (status, found["packages"], found["total"]) == (200, [], 0)
    assert found["nearest"] == ["tool"]


@pytest.mark.parametrize(
    ("kind", "part"),
    [
        ("environment-yaml", "- tool=2.0=0"),
        ("explicit", "@EXPLICIT"),
        ("requirements", "tool==2.0=0"),
        ("conda-lock", "metadata:"),
    ],
)
async def test_an_environment_is_exported_in_every_format(ask: Ask, kind: str, part: str) -> None:
    prefix = await created(ask, "tool")
    status, found = await ask("GET", "export", prefix=prefix, format=kind)
    assert status == 200, found
    assert found["format"] == kind
    assert part in found["text"]


async def test_an_unknown_format_is_refused(ask: Ask) -> None:
    prefix = await created(ask, "tool")
    status, error = await ask("GET", "export", prefix=prefix, format="xml")
    assert (status, error["code"]) == (422, "not-exportable")


async def test_an_environment_is_locked_as_it_stands(ask: Ask) -> None:
    prefix = await created(ask, "tool=1.0")
    _, found = await ask("GET", "lock", prefix=prefix)
    assert found["packages"] == {"linux-64": 2}
    assert "tool-1.0-0" in found["explicit"]["linux-64"]


async def test_the_text_of_a_file_is_locked_and_nothing_is_installed(ask: Ask, user: Path) -> None:
    file = {"text": "dependencies:\n- tool <2\n"}
    status, found = await ask("POST", "lock", {"file": file, "platforms": ["linux-64"]})
    assert status == 200, found
    assert "tool-1.0-0" in found["explicit"]["linux-64"]
    assert not (user / "envs").exists()


async def test_the_doctor_finds_a_missing_file(ask: Ask) -> None:
    prefix = await created(ask, "tool")
    (Path(prefix) / "bin" / "tool").unlink()
    _, found = await ask("GET", "doctor", prefix=prefix, check="missing-files")
    assert not found["healthy"]
    assert [(each["package"], each["path"]) for each in found["findings"]] == [("tool", "bin/tool")]


async def test_settings_say_who_said_so(ask: Ask, user: Path) -> None:
    (user / ".condarc").write_text("channel_priority: flexible\n")
    _, found = await ask("GET", "config")
    origins = {each["name"]: (each["value"], each["origin"]) for each in found["settings"]}
    assert origins["channel_priority"] == ("flexible", f"{user}/.condarc, line 1")
    assert origins["auto_update_conda"][1] == "default"


async def test_channels_say_where_packages_come_from(ask: Ask) -> None:
    _, found = await ask("GET", "channels")
    (channel,) = found["channels"]
    assert channel["urls"] == [f"{channel['url']}/linux-64", f"{channel['url']}/noarch"]
    assert found["origin"] == "CONDA_CHANNELS"


async def test_what_could_be_cleaned_away_has_its_size(ask: Ask) -> None:
    await created(ask, "tool")
    _, found = await ask("GET", "clean")
    sizes = {each["kind"]: each["bytes"] for each in found["kinds"]}
    assert sizes["tarballs"] > 0
    assert found["bytes"] == sum(sizes.values())


async def test_what_is_not_true_or_false_is_refused(ask: Ask) -> None:
    status, error = await ask("GET", "tree", name="base", invert="perhaps")
    assert (status, error["code"]) == (400, "request-not-understood")
    assert json.dumps(error)


async def test_packages_are_read_anew_each_time(ask: Ask) -> None:
    prefix = await created(ask, "tool")
    await ask("GET", "packages", prefix=prefix)
    (record,) = Path(prefix, "conda-meta").glob("tool-*.json")
    record.unlink()  # somebody else's doing
    _, found = await ask("GET", "packages", prefix=prefix)
    assert [each["name"] for each in found["packages"]] == ["base-lib"]


async def test_what_a_crash_left_is_settled_before_packages_are_read(ask: Ask) -> None:
    prefix = await created(ask, "tool")
    left = Path(prefix, "conda-meta", ".xconda", "transaction")
    left.mkdir(parents=True)
    status, found = await ask("GET", "packages", prefix=prefix)
    assert (status, len(found["packages"])) == (200, 2)
    assert not left.exists()


async def test_a_damaged_environment_says_which_file_it_is(ask: Ask) -> None:
    prefix = await created(ask, "tool")
    Path(prefix, "conda-meta", "broken-1.0-0.json").write_text("{")
    status, error = await ask("GET", "packages", prefix=prefix)
    assert (status, error["code"]) == (422, "prefix-damaged")
    assert "broken-1.0-0.json" in json.dumps(error)
