"""By which names xconda is started again."""

from pathlib import Path

from xconda_core.cli.starting import is_conda, starting_words


def test_a_link_called_conda_that_leads_to_xconda_is_kept_as_it_was_typed(tmp_path: Path) -> None:
    program = tmp_path / "venv" / "bin" / "xconda"
    program.parent.mkdir(parents=True)
    program.touch()
    link = tmp_path / "conda"
    link.symlink_to(program)
    assert is_conda(link)
    assert starting_words(str(link)) == (str(link),)
    assert not is_conda(program)
    assert starting_words(str(program)) == (str(program),)


def test_a_program_called_conda_that_is_another_one_is_not_started(tmp_path: Path) -> None:
    conda = tmp_path / "conda"
    conda.touch()
    assert not is_conda(conda)
    assert starting_words(str(conda)) != (str(conda),)
