"""Where the configuration has a text is found for whoever has to correct it."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.read_settings import read_settings
from xconda_core.engine.wiring import Wiring
from xconda_core.models.channel import InvalidChannel


def refusal(home: Path, condarc: str, environ: Mapping[str, str], more: str = "") -> InvalidChannel:
    """What is said of the channels that are configured, and of ``more``."""
    (home / ".condarc").write_text(condarc)
    environ = {"HOME": str(home), **environ}
    settings = read_settings({}, environ, root_prefix=home / "root")
    with pytest.raises(InvalidChannel) as raised:
        Wiring(settings, environ).channels((*settings.channels, more or "fine"))
    return raised.value


@pytest.mark.parametrize(
    ("condarc", "place"),
    [
        ("channels:\n  - fine\n  - ':bad'\n", "channels in {file}, line 3"),
        ("channels: [$BAD]\n", "channels in {file}, line 1"),
        (
            "default_channels:\n- ':bad'\nchannels: [defaults]\n",
            "default_channels in {file}, line 2",
        ),
        (
            "channels: [ours]\ncustom_multichannels:\n  ours: [fine, ':bad']\n",
            "custom_multichannels in {file}, line 3",
        ),
    ],
)
def test_a_channel_that_is_none_is_told_with_its_setting_file_and_line(
    tmp_path: Path, condarc: str, place: str
) -> None:
    error = refusal(tmp_path, condarc, {"BAD": ":bad"})
    assert error.what == "':bad' is not a channel."
    assert error.place == place.format(file=tmp_path / ".condarc")
    assert error.why.endswith(f"; it stands in {error.place}.")


def test_a_variable_that_names_no_channel_is_told_by_its_name(tmp_path: Path) -> None:
    assert refusal(tmp_path, "", {"CONDA_CHANNELS": ":bad"}).place == "CONDA_CHANNELS"


def test_a_channel_that_no_file_has_is_told_without_one(tmp_path: Path) -> None:
    error = refusal(tmp_path, "channels: [fine]\n", {}, more=":bad")
    assert (error.place, error.why[-6:]) == ("", " only.")


def test_a_place_is_found_without_showing_what_is_secret(tmp_path: Path) -> None:
    error = refusal(tmp_path, "\nchannels: ['https://ann:secret@x y/z']\n", {})
    assert error.place == f"channels in {tmp_path / '.condarc'}, line 2"
    assert "secret" not in f"{error} {error.args}"
