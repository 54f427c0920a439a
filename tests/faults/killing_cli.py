"""The real command line, killed at the N-th change of a file: run as a script, never imported.

``killing_cli.py ROOT N WORD...`` runs ``xconda WORD...`` and sends SIGKILL to itself just before
its N-th file operation below ROOT that changes something (0: never; the count goes to the file
named by KILL_COUNT). An audit hook sees every such operation; the product knows nothing of it.
"""

import os
import signal
import sys

CHANGES = frozenset(
    {
        "os.rename", "os.link", "os.symlink", "os.remove", "os.mkdir", "os.rmdir", "os.chmod",
        "os.truncate", "os.utime", "shutil.move", "shutil.rmtree",
    }
)  # fmt: skip
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC


def install_hook(root: str, fatal: int) -> None:
    count = 0

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal count
        if event == "open":
            path, _, flags = arguments
            if not (isinstance(flags, int) and flags & WRITING):
                return
            paths: tuple[object, ...] = (path,)
        elif event in CHANGES:
            paths = arguments[:2]
        else:
            return
        if not any(_is_below(path, root) for path in paths):
            return
        count += 1
        if count == fatal:
            os.kill(os.getpid(), signal.SIGKILL)
        if fatal == 0:
            counter.seek(0)
            counter.write(str(count))
            counter.flush()

    counter = open(os.environ["KILL_COUNT"], "w") if fatal == 0 else sys.stderr  # noqa: SIM115
    sys.addaudithook(hook)


def _is_below(path: object, root: str) -> bool:
    if not isinstance(path, str | bytes | os.PathLike):
        return False
    text = os.fsdecode(path)
    return text == root or text.startswith(f"{root}/")


if __name__ == "__main__":
    below, number, *words = sys.argv[1:]
    from xconda_core.cli.main import main

    install_hook(below, int(number))
    sys.exit(main(words))
