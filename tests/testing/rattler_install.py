"""py-rattler installs SPECS from a channel: run as a script, in a process of its own.

``rattler_install.py CHANNEL PREFIX CACHE SPEC...``. The interpreter is left by ``os._exit``: the
extension's threads may otherwise crash it while it shuts down.
"""

import asyncio
import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

import rattler


async def install(channel: str, prefix: Path, cache: Path, specs: Sequence[str]) -> None:
    records = await rattler.solve(
        [channel],
        list(specs),
        gateway=rattler.Gateway(cache_dir=cache / "repodata"),
        platforms=["linux-64", "noarch"],
        virtual_packages=rattler.VirtualPackage.detect(),
    )
    await rattler.install(records, prefix, cache_dir=cache / "pkgs", show_progress=False)


if __name__ == "__main__":
    channel, prefix, cache, *specs = sys.argv[1:]
    try:
        asyncio.run(install(channel, Path(prefix), Path(cache), specs))
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)
    os._exit(0)
