"""What ``info --system`` tells of the surroundings, and what it keeps to itself."""

from pathlib import Path

from xconda_core.engine.system_facts import system_facts


def told(**environ: str) -> dict[str, object]:
    found = system_facts(environ)["env_vars"]
    assert isinstance(found, dict)
    return dict(found)


def test_credentials_of_addresses_are_taken_out() -> None:
    said = told(CONDA_CHANNELS="https://me:hush@example.org/c,https://example.org/t/to-ken/c")
    assert "example.org" in str(said["CONDA_CHANNELS"])
    assert "hush" not in str(said)
    assert "to-ken" not in str(said)


def test_proxies_and_tokens_are_said_to_be_set_and_no_more() -> None:
    said = told(HTTPS_PROXY="http://me:hush@proxy:1", CONDA_TOKEN="hush", no_proxy="a.b")
    assert (said["HTTPS_PROXY"], said["CONDA_TOKEN"], said["no_proxy"]) == ("<set>",) * 3


def test_what_steers_python_and_tls_is_told_also_where_it_is_not_set() -> None:
    said = told(PYTHONPATH="/x", EDITOR="vi")
    assert said["PYTHONPATH"] == "/x"
    assert said["REQUESTS_CA_BUNDLE"] == "<not set>"
    assert "EDITOR" not in said


def test_folders_of_the_users_own_packages_are_told(tmp_path: Path) -> None:
    for base in ("home/.local", "elsewhere"):
        (tmp_path / base / "lib" / "python3.12" / "site-packages").mkdir(parents=True)
    home, elsewhere = str(tmp_path / "home"), str(tmp_path / "elsewhere")

    usual = system_facts({"HOME": home})["site_dirs"]
    chosen = system_facts({"HOME": home, "PYTHONUSERBASE": elsewhere})["site_dirs"]

    assert usual == [f"{home}/.local/lib/python3.12/site-packages"]
    assert chosen == [f"{elsewhere}/lib/python3.12/site-packages"]
