"""What is left out at the start is there for whoever asks for it later."""

import subprocess
import sys


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
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "1\n"
