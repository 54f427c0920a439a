"""Decoders of msgspec are made where a module is loaded, which one thread at a time does.

msgspec learns a class when its first decoder is made; where two threads make it at once, both may
get a half-made one, and the process ends with a segmentation fault (seen with msgspec 0.22).
"""

import ast

import pytest

from tests.architecture.source import Module, functions, modules

MADE_UNDER_A_LOCK = {"xconda_core.repodata.published"}
ALL = [module for module in modules() if module.name not in MADE_UNDER_A_LOCK]


def _makes_a_decoder(call: ast.Call) -> bool:
    """Whether it makes one of a class; what the server is given, its one thread decodes."""
    name = ast.unparse(call.func)
    kinds = [ast.unparse(word.value).lstrip("_") for word in call.keywords if word.arg == "type"]
    is_of_a_class = any(kind[:1].isupper() for kind in kinds)
    is_decode = name.endswith(("msgpack.decode", "json.decode")) and is_of_a_class
    return is_decode or name.endswith((".json.Decoder", ".msgpack.Decoder"))


@pytest.mark.parametrize("module", ALL, ids=lambda module: module.path)
def test_no_decoder_is_made_while_threads_may_run(module: Module) -> None:
    calls = (n for f in functions(module) for n in ast.walk(f) if isinstance(n, ast.Call))
    found = [
        f"line {call.lineno}: {ast.unparse(call)[:80]}" for call in calls if _makes_a_decoder(call)
    ]
    assert found == []
