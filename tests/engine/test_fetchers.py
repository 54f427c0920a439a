"""What opens an address is loaded with the first address of its kind, and nothing before."""

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import sys
from pathlib import Path
from xconda_core.cancel import CancelToken
from xconda_core.engine.fetchers import make_fetcher
from xconda_core.config.settings import Settings
from xconda_core.errors import XcondaError
here = Path(".")
settings = Settings(
    root_prefix=here, envs_dirs=(here,), pkgs_dirs=(here,), state_dir=here, remote_max_retries=0
)
fetcher = make_fetcher(settings, {}, {}, (), CancelToken(), None, None)
try:
    with fetcher.open(sys.argv[1]) as response:
        assert response.status == 200
except XcondaError as error:
    assert "refused" in str(error) or "could not connect" in str(error), error
print(*sorted({"requests", "botocore", "ftplib", "truststore", "keyring"} & {*sys.modules}))
"""


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("", ""),
        ("http://127.0.0.1:9/x", "requests"),
        ("ftp://127.0.0.1:9/x", "ftplib requests"),
        ("s3://bucket/x", "botocore requests"),
    ],
)
def test_only_what_an_address_needs_is_loaded(tmp_path: Path, url: str, expected: str) -> None:
    (tmp_path / "x").touch()
    environ = {
        "HOME": str(tmp_path),
        "AWS_ACCESS_KEY_ID": "a",
        "AWS_SECRET_ACCESS_KEY": "b",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
    }
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, url or (tmp_path / "x").as_uri()],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == expected
