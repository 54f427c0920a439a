"""What is left out at the start is there for whoever asks for it later."""

import subprocess
import sys

import pytest


def said_by(program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return done.stdout


def test_typing_extensions_can_be_had_after_msgspec_was_loaded_without_it() -> None:
    program = (
        "import sys\n"
        "from xconda_core.cli.lean_loading import load_msgspec\n"
        "load_msgspec()\n"
        "assert 'msgspec' in sys.modules and 'typing_extensions' not in sys.modules\n"
        "import typing_extensions\n"
        "import msgspec\n"
        "class Point(msgspec.Struct):\n"
        "    x: typing_extensions.Annotated[int, msgspec.Meta(ge=0)]\n"
        "print(msgspec.json.decode(b'{\"x\": 1}', type=Point).x)\n"
    )
    assert said_by(program) == "1\n"


@pytest.mark.parametrize(
    ("library", "beside"),
    [
        ("msgspec", ["uuid", "decimal", "textwrap"]),
        ("argparse", ["gettext", "locale"]),
        ("zstandard", ["platform"]),
    ],
)
def test_a_library_is_loaded_without_what_it_loads_beside_it(
    library: str, beside: list[str]
) -> None:
    program = (
        "import sys\n"
        f"from xconda_core.cli.lean_loading import load_{library}\n"
        f"load_{library}()\n"
        f"assert {library!r} in sys.modules\n"
        f"print([name for name in {beside} if name in sys.modules])\n"
        f"import {', '.join(beside)}\n"
        f"print(all(module.__file__ for module in ({', '.join(beside)},)))\n"
    )
    assert said_by(program) == "[]\nTrue\n"


def test_what_msgspec_has_for_others_works_when_it_is_called() -> None:
    program = (
        "from xconda_core.cli.lean_loading import load_msgspec\n"
        "load_msgspec()\n"
        "import msgspec\n"
        "print(msgspec.json.schema(int), msgspec.inspect.type_info(int))\n"
    )
    assert (
        said_by(program)
        == "{'type': 'integer'} IntType(gt=None, ge=None, lt=None, le=None, multiple_of=None)\n"
    )


def test_zstandard_takes_the_backend_that_it_takes_otherwise() -> None:
    program = "{}import zstandard; print(zstandard.backend)"
    lean = "from xconda_core.cli.lean_loading import load_zstandard as l; l(); "
    assert said_by(program.format(lean)) == said_by(program.format(""))


def test_argparse_says_its_own_words() -> None:
    program = (
        "from xconda_core.cli.lean_loading import load_argparse\n"
        "load_argparse()\n"
        "import argparse\n"
        "parser = argparse.ArgumentParser('prog', exit_on_error=False)\n"
        "parser.add_argument('-n', type=int, nargs=2)\n"
        "try:\n"
        "    parser.parse_args(['-n', '1'])\n"
        "except argparse.ArgumentError as error:\n"
        "    print(error)\n"
    )
    assert said_by(program) == "argument -n: expected 2 arguments\n"
