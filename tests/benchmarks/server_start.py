"""A Jupyter server's start with and without us: ``python -m tests.benchmarks.server_start``.

From the beginning of the process until it says that it listens, in turn; each in an empty home.
"""

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

ROUNDS = 20
LISTENS = "is running at"


def start(with_extension: bool) -> tuple[float, float]:
    """Start a server and end it; return seconds by the clock and seconds of processors."""
    foreign = ("CONDA_", "XDG_", "JUPYTER_", "PYTHON")
    kept = {name: text for name, text in os.environ.items() if not name.startswith(foreign)}
    command = [sys.executable, "-m", "jupyter_server", "--no-browser", "--allow-root", "--port=0"]
    command += [f"--ServerApp.jpserver_extensions={{'xconda_jupyter.server': {with_extension}}}"]
    with TemporaryDirectory() as home:
        begun = time.perf_counter()
        process = subprocess.Popen(
            command, env={**kept, "HOME": home}, cwd=home, stderr=subprocess.PIPE, text=True
        )
        assert process.stderr is not None
        next(line for line in process.stderr if LISTENS in line)
        seconds = time.perf_counter() - begun
        fields = Path(f"/proc/{process.pid}/stat").read_text("utf-8").rpartition(")")[2].split()
        process.kill()
        process.communicate()
    return seconds, (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Print medians and least values, in milliseconds."""
    start(True), start(False)  # byte code and files are then at hand
    rounds = [(start(True), start(False)) for _ in range(ROUNDS)]
    for column, name in enumerate(("by the clock", "of processors")):
        ours = [each[0][column] * 1000 for each in rounds]
        bare = [each[1][column] * 1000 for each in rounds]
        added = [mine - other for mine, other in zip(ours, bare, strict=True)]
        sys.stdout.write(
            f"{name}: with {statistics.median(ours):.0f} (least {min(ours):.0f}), "
            f"without {statistics.median(bare):.0f} (least {min(bare):.0f}), "
            f"added {statistics.median(added):.0f} ms, median of pairs\n"
        )


if __name__ == "__main__":
    main()
