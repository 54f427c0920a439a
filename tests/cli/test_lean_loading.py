"""What is left out at the start is there for whoever asks for it later."""

import os
import subprocess
import sys
from collections.abc import Mapping
from types import MappingProxyType

import pytest


def said_by(program: str, more: Mapping[str, str] = MappingProxyType({})) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True, text=True, check=True, env={**os.environ, **more},
    )  # fmt: skip
    return done.stdout


def test_typing_extensions_can_be_had_after_msgspec_was_loaded_without_it() -> None:
    program = (
        "import sys\n"
        "from xconda_core.cli.lean_loading import load_lean\n"
        "load_lean('msgspec')\n"
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
        ("msgspec", ["uuid", "decimal", "textwrap", "msgspec.structs", "msgspec.toml"]),
        ("argparse", ["gettext", "locale"]),
        ("zstandard", ["platform"]),
        ("logging", ["string", "traceback", "textwrap", "weakref"]),
        ("urllib.parse", ["ipaddress"]),
        ("pathlib", ["ntpath"]),
    ],
)
def test_a_library_is_loaded_without_what_it_loads_beside_it(
    library: str, beside: list[str]
) -> None:
    program = (
        "import sys\n"
        "from xconda_core.cli.lean_loading import load_lean\n"
        f"load_lean({library!r})\n"
        f"assert {library!r} in sys.modules\n"
        f"print([name for name in {beside} if name in sys.modules])\n"
        f"import {', '.join(beside)}\n"
        f"print(all(module.__file__ for module in ({', '.join(beside)},)))\n"
    )
    assert said_by(program) == "[]\nTrue\n"


def test_addresses_are_taken_apart_by_what_pythons_own_tuples_can_do() -> None:
    program = (
        "import copy, pickle, sys\n"
        "{}"
        "from urllib.parse import urldefrag, urljoin, urlparse, urlsplit\n"
        "parts = urlsplit('https://a:b@h:8/p;x?q#f')\n"
        "print(parts, parts.hostname, parts.port, parts.geturl())\n"
        "print(parts._replace(path='/z').geturl())\n"
        "print(parts._asdict(), parts[2], parts._fields, parts.encode(), len(parts), hash(parts))\n"
        "print(pickle.loads(pickle.dumps(parts)) == copy.copy(parts) == parts, tuple(parts))\n"
        "print(urlparse(parts.geturl()), urldefrag(b'https://h/#f'))\n"
        "print(urljoin('https://h/a/b', '../c'))\n"
        "from collections import namedtuple\n"
        "print(namedtuple.__module__)\n"
    )
    lean = "from xconda_core.cli.lean_loading import load_lean; load_lean('urllib.parse')\n"
    seed = {"PYTHONHASHSEED": "0"}
    assert said_by(program.format(lean), seed) == said_by(program.format(""), seed)


def test_msgspec_reads_texts_that_name_types_of_a_class() -> None:
    program = (
        "from xconda_core.cli.lean_loading import load_lean\n"
        "load_lean('msgspec')\n"
        "import msgspec\n"
        "class Foo(msgspec.Struct):\n"
        "    below: 'list[Foo]'\n"
        'print(msgspec.json.decode(b\'{"below": [{"below": []}]}\', type=Foo))\n'
    )
    assert said_by(program) == "Foo(below=[Foo(below=[])])\n"


def test_datetime_is_the_one_that_everybody_takes() -> None:
    program = (
        "from xconda_core.cli.lean_loading import load_lean\n"
        "load_lean('datetime', 'msgspec')\n"
        "import datetime, msgspec, pickle\n"
        "day = msgspec.json.decode(b'\"2026-11-20T12:00:00Z\"', type=datetime.datetime)\n"
        "print(pickle.loads(pickle.dumps(day)), day.strftime('%d %b'), datetime.UTC)\n"
    )
    assert said_by(program) == "2026-11-20 12:00:00+00:00 20 Nov UTC\n"


def test_what_msgspec_has_for_others_works_when_it_is_called() -> None:
    program = (
        "from xconda_core.cli.lean_loading import load_lean\n"
        "load_lean('msgspec')\n"
        "import msgspec\n"
        "print(msgspec.json.schema(int), msgspec.inspect.type_info(int))\n"
    )
    assert (
        said_by(program)
        == "{'type': 'integer'} IntType(gt=None, ge=None, lt=None, le=None, multiple_of=None)\n"
    )


def test_zstandard_takes_the_backend_that_it_takes_otherwise() -> None:
    program = "{}import zstandard; print(zstandard.backend)"
    lean = "from xconda_core.cli.lean_loading import load_lean; load_lean('zstandard'); "
    assert said_by(program.format(lean)) == said_by(program.format(""))


def test_argparse_says_its_own_words() -> None:
    program = (
        "from xconda_core.cli.lean_loading import load_lean\n"
        "load_lean('argparse')\n"
        "import argparse\n"
        "parser = argparse.ArgumentParser('prog', exit_on_error=False)\n"
        "parser.add_argument('-n', type=int, nargs=2)\n"
        "try:\n"
        "    parser.parse_args(['-n', '1'])\n"
        "except argparse.ArgumentError as error:\n"
        "    print(error)\n"
    )
    assert said_by(program) == "argument -n: expected 2 arguments\n"


def test_logging_tells_where_it_went_wrong_in_every_style() -> None:
    program = (
        "from xconda_core.cli.lean_loading import load_lean\n"
        "load_lean('logging')\n"
        "import logging, sys\n"
        "for style, text in zip('%{$', ('%(message)s', '{message}', '$message')):\n"
        "    handler = logging.StreamHandler(sys.stdout)\n"
        "    handler.setFormatter(logging.Formatter(text, style=style))\n"
        "    logging.getLogger(style).addHandler(handler)\n"
        "    try:\n"
        "        1 / 0\n"
        "    except ZeroDivisionError:\n"
        "        logging.getLogger(style).exception(style)\n"
    )
    lines = said_by(program).splitlines()
    assert [line for line in lines if len(line) == 1] == ["%", "{", "$"]
    assert lines.count("ZeroDivisionError: division by zero") == 3


def test_an_address_in_brackets_is_looked_at() -> None:
    program = (
        "from xconda_core.cli.lean_loading import load_lean\n"
        "load_lean('urllib.parse')\n"
        "from urllib.parse import urlsplit\n"
        "print(urlsplit('http://[::1]:80/x').hostname)\n"
        "try:\n"
        "    urlsplit('http://[127.0.0.1]/x')\n"
        "except ValueError as error:\n"
        "    print(error)\n"
    )
    assert said_by(program) == "::1\nAn IPv4 address cannot be in brackets\n"
