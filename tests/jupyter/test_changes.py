"""A plan as people read it: what goes first, what is marked, what the totals are."""

from typing import Any

from xconda_jupyter.kernel.changes import changes_of_plan, plan_table, summary
from xconda_jupyter.kernel.live_view import Picture
from xconda_jupyter.kernel.tables import Table, html_words, size_words


def a_record(version: str, build: str = "0", size: int | None = 1000) -> dict[str, Any]:
    return {"version": version, "build": build, "size": size, "channel": "demo"}


def a_step(name: str, movement: str, old: str = "", new: str = "") -> dict[str, Any]:
    return {
        "name": name,
        "kind": "change",
        "movement": movement,
        "old": a_record(old) if old else None,
        "new": a_record(new) if new else None,
    }


A_PLAN: dict[str, Any] = {
    "operations": [
        a_step("aiohttp", "install", new="3.9"),
        a_step("numpy", "downgrade", old="2.1", new="1.26"),
        a_step("pandas", "upgrade", old="2.1", new="2.2"),
        a_step("scipy", "remove", old="1.14"),
    ],
    "download_bytes": 34_500_000,
    "download_count": 2,
}


def test_what_takes_something_away_comes_first_and_is_marked() -> None:
    table = plan_table(A_PLAN, changes_of_plan(A_PLAN))
    assert [row[0] for row in table.rows] == ["numpy", "scipy", "aiohttp", "pandas"]
    assert table.marked == (0, 1)
    assert table.rows[0][5] == "↓ downgrade"
    assert table.rows[1][5] == "− remove"
    assert table.html().count("--jp-error-color1") == 2 * len(table.columns)


def test_the_summary_counts_and_weighs() -> None:
    assert summary(A_PLAN, changes_of_plan(A_PLAN)) == (
        "1 to install · 1 to upgrade · 1 to downgrade · 1 to remove"
        " · 2 archives to download (34.5 MB) · 3.0 kB of archives to unpack and link"
    )


def test_the_summary_owns_up_to_an_unknown_size() -> None:
    plan = {**A_PLAN, "download_bytes": 0}
    told = summary(plan, changes_of_plan(plan))
    assert " · 2 archives to download (of unknown size) · " in told


def test_first_installations_need_no_column_for_what_was() -> None:
    plan = {"operations": [a_step("numpy", "install", new="2.1")], "download_count": 0}
    table = plan_table(plan, changes_of_plan(plan))
    assert table.text() == (
        "1 to install · nothing to download · 1.0 kB of archives to unpack and link\n"
        "Package  New  Channel  Size    Why\n"
        "numpy    2.1  demo     1.0 kB  goes with what was asked for"
    )


def test_a_rebuild_shows_its_builds_because_only_they_differ() -> None:
    step = a_step("numpy", "rebuild") | {"old": a_record("2.1", "0"), "new": a_record("2.1", "1")}
    plan = {"operations": [step]}
    assert plan_table(plan, changes_of_plan(plan)).rows[0][1:3] == ("2.1 0", "2.1 1")


def test_names_from_a_channel_cannot_bring_markup_into_the_page() -> None:
    table = Table("<b>", ("<i>",), (("<script>alert(1)</script>",),))
    assert "<script>" not in table.html()
    assert "<b>" not in Picture(title="<b>", words="<i>", notes=("<u>",), table=table).html()


def test_a_table_on_a_page_can_be_read_aloud() -> None:
    html = Table("Three", ("Name", "Version"), (("numpy", "2"),)).html()
    assert '<th scope="col"' in html
    assert '<th scope="row"' in html
    assert "<caption" in html
    assert "color:inherit" in html
    assert "http" not in html


def test_a_running_picture_has_a_bar_with_its_number_and_a_finished_one_a_status() -> None:
    running = Picture(title="xconda install", fraction=0.424, words="Downloading")
    assert '<progress max="100" value="42"' in running.html()
    assert " 42%  Downloading" in running.text()
    finished = Picture(title="xconda install", words="Done.", is_over=True)
    assert "<progress" not in finished.html()
    assert '<div role="status">Done.</div>' in finished.html()
    assert "%" not in finished.text()


def test_a_long_plan_is_folded_but_one_that_takes_something_away_is_not() -> None:
    rows = tuple((f"package-{number}",) for number in range(30))
    assert "<details>" in Picture(title="", table=Table("30", ("Name",), rows)).html()
    assert "<details>" not in Picture(title="", table=Table("30", ("Name",), rows, (3,))).html()


def test_unknown_sizes_are_left_out() -> None:
    assert (size_words(None), size_words(999), size_words(1_200_000)) == ("", "999 B", "1.2 MB")


def test_what_stands_in_backticks_is_code_on_a_page_and_all_else_is_escaped() -> None:
    words = "`%xconda undo` takes <it> back"
    assert html_words(words) == "<code>%xconda undo</code> takes &lt;it&gt; back"


def test_what_becomes_of_projects_of_pip_is_shown_as_well() -> None:
    plan = {
        "operations": [],
        "python_removed": [{"name": "solo", "version": "3.0"}],
        "python_restored": [{"name": "duo", "version": "1.0"}],
    }

    changes = changes_of_plan(plan)

    assert [(each.name, each.movement, each.old, each.new, each.channel) for each in changes] == [
        ("solo", "remove", "3.0", "", "pypi"),
        ("duo", "install", "", "1.0", "pypi"),
    ]


def test_each_package_says_why_it_is_there() -> None:
    steps = [
        a_step("pandas", "install", new="2.2") | {"requested_spec": "pandas>=2"},
        a_step("numpy", "install", new="2.1") | {"needed_by": ["pandas"]},
        a_step("blas", "upgrade", old="3", new="4") | {"needed_by": ["a", "b", "c", "d"]},
        a_step("scipy", "remove", old="1"),
        a_step("six", "remove", old="1"),
        a_step("python", "rebuild", old="3", new="3") | {"requested_spec": "python"},
    ]
    plan = {
        "operations": steps,
        "update_specs": ["pandas>=2"],
        "remove_specs": ["scipy"],
    }
    assert {each.name: each.reason for each in changes_of_plan(plan)} == {
        "pandas": "asked for: pandas>=2",
        "numpy": "needed by pandas",
        "blas": "needed by a, b and 2 more",
        "scipy": "asked to go",
        "six": "not needed, or in the way",
        "python": "asked for earlier",
    }


def test_a_licence_that_changes_has_a_column_and_what_is_cached_says_so() -> None:
    step = a_step("numpy", "upgrade", old="1", new="2")
    step["old"]["license"], step["new"]["license"] = "BSD-3-Clause", "GPL-3.0-only"
    plan = {"operations": [step], "fetch": []}
    table = plan_table(plan, changes_of_plan(plan))
    assert (table.columns[-1], table.rows[0][-1]) == ("Licence", "BSD-3-Clause → GPL-3.0-only")
    assert table.rows[0][4] == "1.0 kB cached"


def test_a_table_without_rows_is_its_caption_and_no_empty_columns() -> None:
    healthy = Table("It is healthy: 13 checks passed.", ("Check", "Found", "Try"), ())
    assert healthy.text() == "It is healthy: 13 checks passed."
    assert healthy.html() == "<div>It is healthy: 13 checks passed.</div>"
