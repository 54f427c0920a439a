"""Settings as one value: what depends on the machine, on the user and on the target."""

from pathlib import Path

import pytest

from tests.read_settings import read_settings
from xconda_core.config.merge import is_writable
from xconda_core.config.settings import Settings

SHARED = Path(__file__).parents[2].parent / "shared" / "data" / "inputs" / "condarc"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


def load(home: Path, condarc: str = "", root: Path | None = None, **environ: str) -> Settings:
    (home / ".condarc").write_text(condarc, encoding="utf-8")
    return read_settings(
        {},
        {"HOME": str(home), **environ},
        root_prefix=root or home / "root",
    )


def test_conda_forge_is_the_channel_unless_one_is_configured(home: Path) -> None:
    assert load(home).channels == ("conda-forge",)
    assert load(home, "channels: [bioconda]").channels == ("bioconda",)
    assert load(home, CONDA_CHANNELS="mine").channels == ("mine",)


def test_defaults_stands_for_the_default_channels_each_once(home: Path) -> None:
    text = "default_channels: [https://a/x, https://a/y]\nchannels: [https://a/y, defaults]\n"
    assert load(home, text).channels == ("https://a/y", "https://a/x")
    assert load(home, "channels: [defaults]").channels == (
        "https://repo.anaconda.com/pkgs/main",
        "https://repo.anaconda.com/pkgs/r",
    )


def test_nodefaults_takes_defaults_out_of_every_place(home: Path) -> None:
    assert load(home, "channels: [mine, defaults, nodefaults]").channels == ("mine",)
    assert load(home, "channels: [nodefaults, defaults]").channels == ("conda-forge",)


def test_a_multichannel_stands_for_its_channels(home: Path) -> None:
    text = "custom_multichannels: {ours: [a, b]}\nchannels: [ours, c]\n"
    assert load(home, text).channels == ("a", "b", "c")


def test_configured_folders_come_before_those_of_the_root_and_the_user(home: Path) -> None:
    settings = load(home, "envs_dirs: [~/mine, /srv/../opt/envs]\n")
    assert settings.envs_dirs == (
        home / "mine",
        Path("/opt/envs"),
        home / "root" / "envs",
        home / ".conda" / "envs",
    )
    assert settings.pkgs_dirs == (home / "root" / "pkgs", home / ".conda" / "pkgs")


def test_configured_caches_are_the_only_ones(home: Path) -> None:
    assert load(home, "pkgs_dirs: [~/cache]\n").pkgs_dirs == (home / "cache",)


def test_a_root_that_cannot_be_written_comes_after_the_users_own_folder(home: Path) -> None:
    (home / "file").touch()
    root = home / "file" / "conda"  # nobody, root included, can make a folder there
    settings = load(home, root=root)
    assert settings.envs_dirs == (home / ".conda" / "envs", root / "envs")


def test_environments_in_xcondas_own_home_stay_visible_beside_a_conda(home: Path) -> None:
    own = home / ".local" / "share" / "xconda" / "envs"
    own.mkdir(parents=True)
    assert load(home).envs_dirs[-1] == own


def test_a_configured_root_replaces_the_one_that_was_found(home: Path) -> None:
    settings = load(home, "root_dir: ~/.local/conda_root\n")
    assert settings.root_prefix == home / ".local" / "conda_root"
    assert settings.origins["root_prefix"] == f"{home}/.condarc, line 1"


def test_a_channel_names_the_login_that_it_is_asked_with(home: Path) -> None:
    text = "channel_settings: [{channel: a, auth: ' Mine '}, {channel: b}, {auth: lost}]"
    assert load(home, text).channel_logins == (("a", "mine"),)


def test_threads_come_from_the_general_setting_where_no_other_says(home: Path) -> None:
    settings = load(home, "default_threads: 3\nfetch_threads: 8\n")
    assert (settings.repodata_threads, settings.fetch_threads) == (3, 8)
    assert load(home).fetch_threads == 5


def test_debug_and_trace_are_names_for_verbosity(home: Path) -> None:
    found = [load(home, text).verbosity for text in ("", "debug: yes", "trace: yes", "verbose: 2")]
    assert found == [0, 3, 4, 2]


def test_overrides_of_virtual_packages_come_from_the_setting_and_from_variables(
    home: Path,
) -> None:
    settings = load(
        home,
        "override_virtual_packages: {cuda: 11.8, __glibc: '2.28', osx: }\n",
        CONDA_OVERRIDE_CUDA="12.4",
        CONDA_OVERRIDE_LINUX="",
        CONDA_OVERRIDE_CHANNELS_ENABLED="false",
    )
    assert settings.override_virtual_packages == {
        "__cuda": "12.4",
        "__glibc": "2.28",
        "__osx": "",
        "__linux": "",
    }


def test_the_platform_is_the_machines_unless_configured_and_a_strange_one_is_doubted(
    home: Path,
) -> None:
    assert load(home).subdir == "linux-64"
    strange = load(home, CONDA_SUBDIR="linux-65")
    assert strange.subdir == "linux-65"
    assert strange.warnings == ("CONDA_SUBDIR: conda knows no platform linux-65",)


def test_the_targets_own_file_counts_and_the_active_environments_does_not(
    home: Path, tmp_path: Path
) -> None:
    for name in ("active", "target"):
        (tmp_path / name).mkdir()
        (tmp_path / name / ".condarc").write_text(f"channels: [{name}]\n")
    settings = read_settings(
        {},
        {"HOME": str(home), "CONDA_PREFIX": str(tmp_path / "active")},
        root_prefix=home / "root",
        target_prefix=tmp_path / "target",
    )
    assert settings.channels == ("target",)


def test_the_files_that_were_read_are_known(home: Path) -> None:
    assert load(home, "offline: yes").config_files == (f"{home}/.condarc",)


def test_the_state_folder_follows_the_xdg_specification(home: Path) -> None:
    assert load(home).state_dir == home / ".local" / "state" / "xconda"
    assert load(home, XDG_STATE_HOME="/var/me").state_dir == Path("/var/me/xconda")


def test_a_folder_is_writable_when_it_could_be_made(tmp_path: Path) -> None:
    assert is_writable(tmp_path / "a" / "b")
    (tmp_path / "file").touch()
    assert not is_writable(tmp_path / "file" / "c")


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared sample files are absent")
def test_every_real_configuration_file_loads() -> None:
    files = sorted(SHARED.glob("*.condarc"))
    assert len(files) == 18
    for path in files:
        settings = read_settings({}, {"HOME": "/home/u"}, root_prefix=Path("/r"), files=(path,))
        assert settings.channels
        assert settings.warnings == (), path.name
