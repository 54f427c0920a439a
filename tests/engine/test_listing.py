"""Where the packages of an environment come from, as the configuration calls it."""

from pathlib import Path

from tests.read_settings import read_settings
from xconda_core.engine.listing import channels_of
from xconda_core.engine.wiring import Wiring
from xconda_core.models.package_record import PackageRecord


def test_channels_of_packages_are_told_and_what_is_none_is_left_out(tmp_path: Path) -> None:
    environ = {"HOME": str(tmp_path), "CONDA_CHANNEL_ALIAS": "https://host/api"}
    wiring = Wiring(read_settings({}, environ, root_prefix=tmp_path), environ)
    addresses = (
        "https://host/api/pear/label/dev",
        "https://host/api/pear",
        "pypi",
        "<unknown>",
        "",
    )
    records = [
        PackageRecord(name=f"p{number}", version="1", build="0", channel=address)
        for number, address in enumerate(addresses)
    ]

    found = {address: str(each) for address, each in channels_of(records, wiring).items()}

    assert found == {
        "https://host/api/pear/label/dev": "pear/label/dev",
        "https://host/api/pear": "pear",
        "pypi": "pypi",
    }
