"""Settings that a plugin declares are read, merged and edited below ``plugins``."""

from pathlib import Path

import pytest

from xconda_core.config.change import Wish, WrongKindOfSetting, edit_of
from xconda_core.config.definition import Definition
from xconda_core.config.edit import Edit
from xconda_core.config.file_change import change_file
from xconda_core.config.merge import is_writable
from xconda_core.config.precedence import merge
from xconda_core.config.problem import InvalidConfiguration
from xconda_core.config.value_types import COUNT, TEXT, choice

LIMIT = Definition("plugins.limit", COUNT, 3, "How many.")
WORDS = Definition("plugins.words", TEXT, (), "Which ones.", "list")
BY_NAME = Definition("plugins.by_name", TEXT, {}, "Of each.", "map")
MORE = (LIMIT, WORDS, BY_NAME)


@pytest.mark.parametrize(
    ("wish", "edit"),
    [
        (Wish("set", "plugins.limit", "5"), Edit("set", ("plugins", "limit"), 5)),
        (Wish("append", "plugins.words", "a"), Edit("append", ("plugins", "words"), "a")),
        (Wish("remove", "plugins.words", "a"), Edit("remove", ("plugins", "words"), "a")),
        (Wish("clear", "plugins.words", ""), Edit("clear", ("plugins", "words"), empty="[]")),
        (Wish("remove_key", "plugins.limit", ""), Edit("remove_key", ("plugins", "limit"))),
    ],
    ids=lambda value: getattr(value, "verb", ""),
)
def test_an_edit_goes_below_plugins(wish: Wish, edit: Edit) -> None:
    assert edit_of(wish, (), MORE) == edit


def test_a_list_is_not_set_and_one_value_not_appended_to() -> None:
    with pytest.raises(WrongKindOfSetting):
        edit_of(Wish("append", "plugins.limit", "5"), (), MORE)


def test_what_a_plugin_declares_is_read_and_anything_else_is_let_be(tmp_path: Path) -> None:
    path = tmp_path / ".condarc"
    path.write_text("plugins:\n  limit: 5\n  of_another_tool: {a: 1}\n  words: [x]\n")
    found = merge([path], {"CONDA_PLUGINS_WORDS": "y"}, more=MORE)
    assert found.values["plugins.limit"] == 5
    assert found.values["plugins.words"] == ("y", "x")
    assert found.origins["plugins"] == f"{path}, line 2; CONDA_PLUGINS_WORDS; {path}, line 4"


def test_plugins_that_is_no_map_is_a_fault_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / ".condarc"
    path.write_text("offline: no\nplugins: [a]\n")
    with pytest.raises(InvalidConfiguration) as failure:
        merge([path], {}, more=MORE)
    assert "line 2" in failure.value.why


def test_what_another_process_wrote_meanwhile_is_not_written_again(tmp_path: Path) -> None:
    path = tmp_path / ".condarc"
    calls = []

    def wish(names: object) -> list[Edit]:
        calls.append(names)
        if len(calls) == 1:
            return [Edit("set", ("offline",), True)]
        return []

    assert not change_file(path, wish)
    assert not path.exists()


def test_a_folder_whose_way_is_barred_is_not_writable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def barred(self: Path) -> bool:
        raise PermissionError(13, "Permission denied", str(self))

    assert is_writable(tmp_path / "new" / "deeper")
    monkeypatch.setattr(Path, "exists", barred)
    assert not is_writable(tmp_path / "new")


def test_a_choice_takes_its_words_in_any_case_and_no_other() -> None:
    colour = choice("red", "green")
    assert colour.parse(" Red ") == "red"
    with pytest.raises(ValueError, match="blue"):
        colour.parse("blue")
