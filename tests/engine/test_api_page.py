"""The examples of docs/api.md run, one after the other."""

import os
import re
from pathlib import Path

import pytest

from xconda_core.testing.simulator import a_channel, a_package

DOCS = Path(__file__).parents[2] / "docs"
EXAMPLE = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)

PACKAGES = [
    a_package(name, version, depends=[f"lib {version}"] if name == "app" else [])
    for name in ("app", "lib")
    for version in ("1.0", "2.0")
]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.startswith("CONDA")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("CONDA_CHANNELS", a_channel(tmp_path / "channel", PACKAGES).as_uri())
    monkeypatch.setenv("CONDA_SUBDIR", "linux-64")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_examples_of_the_page_do_what_they_say(home: Path) -> None:
    page = DOCS / "api.md"
    text = page.read_text(encoding="utf-8")
    names: dict[str, object] = {}
    examples = [*EXAMPLE.finditer(text)]

    for example in examples:
        line = text.count("\n", 0, example.start(1))
        code = compile("\n" * line + example[1], str(page), "exec")
        exec(code, names)

    assert len(examples) >= 10
    assert (home / "env" / "conda-meta").is_dir()
