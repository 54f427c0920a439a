"""Translate the ``activation`` rows to the command line: ``xconda shell.SHELL VERB``."""

import json
import os
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from unittest import mock

from xconda_core.cli.main import main


def shell_command(
    shell: str, argv: list[str], env: dict[str, str], condarc: dict[str, object], root: str
) -> tuple[int, str, str]:
    home = Path(root) / "home"
    home.mkdir(exist_ok=True)
    (home / ".condarc").write_text(json.dumps(condarc), encoding="utf-8")
    with (
        tempfile.TemporaryFile("w+") as out,
        tempfile.TemporaryFile("w+") as err,
        redirect_stdout(out),
        redirect_stderr(err),
        mock.patch.dict(os.environ, env, clear=True),
    ):
        code = main([f"shell.{shell}", *argv])
        for stream in (out, err):
            stream.seek(0)
        return code, out.read(), err.read()
