"""Digests are those of hashlib, whatever makes them."""

import hashlib
import subprocess
import sys

import pytest

from xconda_core.digests import sha256


@pytest.mark.parametrize("length", [0, 1, 4096, 4097, 100_000])
def test_a_digest_is_the_one_of_hashlib(length: int) -> None:
    content = b"x" * length
    assert sha256(content).digest() == hashlib.sha256(content).digest()


def test_short_texts_are_digested_without_openssl() -> None:
    program = (
        "import sys\n"
        "from xconda_core.digests import sha256\n"
        "sha256(b'short')\n"
        "print('_hashlib' in sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"
