"""The compiled program says where it lives, and that is where it was installed."""

import asyncio
import subprocess
from pathlib import Path

import pytest
import rattler

from xconda_core.package_cache.package_writer import PLACEHOLDER
from xconda_core.testing.channel_server import serve
from xconda_core.testing.compiled_package import VERSIONS, compiled_packages, find_compiler
from xconda_core.testing.simulator import SimulatedPackage, a_channel

pytestmark = pytest.mark.skipif(find_compiler() is None, reason="no C compiler")


@pytest.fixture(scope="module")
def channel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    compiler = find_compiler()
    assert compiler is not None
    staged = compiled_packages(compiler, "linux-64", tmp_path_factory.mktemp("stage"))
    packages = [SimulatedPackage(package.metadata, package.files) for package in staged]
    return a_channel(tmp_path_factory.mktemp("channel"), packages)


@pytest.mark.parametrize("version", VERSIONS)
def test_the_prefix_in_program_and_library_is_that_of_the_environment(
    channel: Path, tmp_path: Path, version: str
) -> None:
    prefix = tmp_path / "environment"

    asyncio.run(installed(channel, [f"xc-hello=={version}"], prefix))
    answer = subprocess.run(
        [prefix / "bin" / "xc-hello"], capture_output=True, text=True, check=True
    )

    assert answer.stdout.startswith(f"hello {version}, library {version[0]}.")
    assert answer.stdout.endswith(f" in {prefix}\n")


def test_program_and_library_declare_a_binary_placeholder(channel: Path) -> None:
    texts = {}
    for archive in sorted((channel / "linux-64").glob("*xc-hello-1.0-*.conda")):
        for entry in rattler.PathsJson.from_package_archive(archive).paths:
            if entry.prefix_placeholder is not None:
                assert entry.prefix_placeholder.placeholder == PLACEHOLDER
                texts[str(entry.relative_path)] = entry.prefix_placeholder.file_mode.text

    assert texts == {
        "bin/xc-hello": False,
        "lib/libxc-hello.so.1": False,
        "lib/pkgconfig/libxc-hello.pc": True,
    }


async def installed(channel: Path, specs: list[str], prefix: Path) -> None:
    with serve(channel) as server:
        gateway = rattler.Gateway(cache_dir=prefix.parent / "cache")
        records = await rattler.solve(
            [server.url], specs, gateway=gateway, platforms=["linux-64", "noarch"]
        )
        cache = prefix.parent / "packages"
        await rattler.install(records, prefix, cache_dir=cache, show_progress=False)
