"""``python -m xconda_core.testing build|serve``: a real channel on this machine."""

import argparse
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from platformdirs import user_cache_path

from xconda_core.errors import XcondaError
from xconda_core.testing.channel_builder import REQUIREMENTS, build_demo_channel
from xconda_core.testing.channel_server import serve


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one of the two commands and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m xconda_core.testing", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="build|serve")
    build = commands.add_parser("build", help="build a small channel, or reuse what is built")
    build.add_argument("folder", type=Path, help="where the channel is to be")
    build.add_argument(
        "requirements", nargs="*", default=REQUIREMENTS, help="PyPI projects (default: %(default)s)"
    )
    build.add_argument("--python", type=Path, help="interpreter to package (default: this one)")
    build.add_argument(
        "--cache",
        type=Path,
        default=user_cache_path("xconda") / "demo-channel",
        help="what is kept between runs (default: %(default)s)",
    )
    build.set_defaults(run=_build)
    server = commands.add_parser("serve", help="serve a channel folder over HTTP, until Ctrl-C")
    server.add_argument("folder", type=Path, help="the channel")
    server.add_argument("--port", type=int, default=0, help="0, the default, is any free port")
    server.set_defaults(run=_serve)
    options = parser.parse_args(arguments)
    try:
        return int(options.run(options))
    except XcondaError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code


def _build(options: argparse.Namespace) -> int:
    build_demo_channel(
        options.cache,
        options.folder,
        _say,
        python=options.python,
        requirements=options.requirements,
    )
    return 0


def _serve(options: argparse.Namespace) -> int:
    with serve(options.folder, port=options.port) as server:
        _say(server.url)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return 0
    return 0


def _say(sentence: str) -> None:
    sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
