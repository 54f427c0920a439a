"""Which packages bring modules that were not found: by files, by the table, by name; and tried."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.engine.session import Session
from xconda_core import api
from xconda_core.cancel import CancelToken
from xconda_core.engine.missing_modules import MissingModules, find_missing, table, usual_names
from xconda_core.testing.channel_server import serve
from xconda_core.testing.simulator import SimulatedPackage, a_channel, a_package


def bringing(name: str, *modules: str, depends: tuple[str, ...] = ()) -> SimulatedPackage:
    files = {f"site-packages/{module}/__init__.py": b"" for module in modules}
    return a_package(name, noarch="python", depends=["python", *depends], files=files)


@pytest.fixture
def channel(tmp_path: Path) -> Iterator[str]:
    packages = [
        a_package("python", "3.12.0"),
        bringing("py-opencv", "cv2", depends=("libbig",)),
        a_package("libbig", "2.0"),
        bringing("beautifulsoup4", "bs4", depends=("nothing-like-it",)),
        bringing("demo-tools", "demo_tools"),
        bringing("protobuf", "google/protobuf"),
        bringing("odd-name", "strange"),
    ]
    a_channel(tmp_path / "channel", packages)
    with serve(tmp_path / "channel") as server:
        yield server.url


@pytest.fixture
def ask(run: Session, environ: dict[str, str]) -> Any:
    run("create", "python")

    def ask(*modules: str) -> MissingModules:
        kept: Mapping[str, Any] = {"use_index_cache": True}
        offline = api.open_engine(environ=environ, overrides={**kept, "offline": True})
        online = api.open_engine(environ=environ, overrides=kept)
        return find_missing(offline, run.prefix, modules, CancelToken(), trying=online)

    return ask


def test_the_table_knows_the_package_and_a_dry_solve_says_what_it_would_take(ask: Any) -> None:
    [offer] = ask("cv2").modules[0].offers
    assert (offer.package, offer.source, offer.check) == ("py-opencv", "table", "fits")
    assert (offer.version, offer.changes) == ("1.0", 2)
    assert offer.download_bytes > 0


def test_what_the_channel_does_not_have_is_not_offered(ask: Any) -> None:
    assert ask("sklearn").modules[0].offers == ()


def test_a_name_is_turned_into_that_of_a_package(ask: Any) -> None:
    [offer] = ask("demo_tools.inner").modules[0].offers
    assert (offer.package, offer.source) == ("demo-tools", "name")


def test_a_part_of_a_namespace_has_a_package_of_its_own(ask: Any) -> None:
    assert [each.package for each in ask("google.protobuf.message").modules[0].offers] == [
        "protobuf"
    ]


def test_what_cannot_be_installed_is_said_to_be_so_and_left_out_of_the_one_line(ask: Any) -> None:
    found = ask("bs4", "cv2")
    [offer] = found.modules[0].offers
    assert offer.check == "refused"
    assert offer.words.endswith("needs nothing-like-it, which no channel has")
    assert found.packages == ("py-opencv",)


def test_the_first_offers_are_tried_together(ask: Any) -> None:
    found = ask("cv2", "demo_tools")
    assert found.packages == ("py-opencv", "demo-tools")
    assert (found.together.check, found.together.changes) == ("fits", 3)


def test_files_on_this_machine_are_known_whatever_the_package_is_called(
    ask: Any, run: Session
) -> None:
    run("install", "odd-name")
    run("remove", "odd-name")
    [offer] = ask("strange").modules[0].offers
    assert (offer.package, offer.source, offer.check) == ("odd-name", "files", "fits")


def test_what_is_installed_is_no_offer_but_a_riddle(ask: Any, run: Session) -> None:
    run("install", "odd-name")
    [found] = ask("strange").modules
    assert found.offers == ()
    assert (found.installed.name, found.installed.place) == ("odd-name", run.prefix)


def test_without_package_lists_nothing_is_downloaded_and_that_is_said(
    tmp_path: Path, environ: dict[str, str]
) -> None:
    engine = api.open_engine(environ=environ, overrides={"offline": True, "use_index_cache": True})
    found = find_missing(engine, tmp_path / "env", ("cv2", "demo_tools"), CancelToken())
    assert found.lists
    assert [each.package for each in found.modules[0].offers] == ["py-opencv", "opencv"]
    assert {each.check for each in found.modules[0].offers} == {"unknown"}
    assert found.modules[1].offers == ()


def test_every_row_of_the_table_says_what_the_name_alone_would_not() -> None:
    rows = table()
    assert len(rows) > 200
    assert rows["PIL"] == ("pillow",)
    assert rows["sklearn"] == ("scikit-learn",)
    for module, packages in rows.items():
        assert packages, module
        assert all(name == name.lower() for name in packages), module


def test_usual_names_are_names_of_packages() -> None:
    assert usual_names("Demo_Tools")[:2] == ("demo_tools", "demo-tools")
    assert "python-slugify" in usual_names("slugify")
    assert "pyusb" in usual_names("usb")


def test_a_name_in_a_list_whose_records_are_not_here_is_not_refused(
    ask: Any, run: Session, environ: dict[str, str]
) -> None:
    offline = api.open_engine(environ=environ, overrides={"offline": True, "use_index_cache": True})
    found = find_missing(offline, run.prefix, ("demo_tools",), CancelToken())
    assert [(each.package, each.check) for each in found.modules[0].offers] == [
        ("demo-tools", "unknown")
    ]
    assert found.packages == ("demo-tools",)
    assert ask("demo_tools").modules[0].offers[0].check == "fits"
