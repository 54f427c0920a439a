"""A cell shows what is signed, where the user's configuration asks for it."""

from pathlib import Path

from tests.jupyter.conftest import StartKernel


def test_a_plan_in_a_cell_says_what_is_not_signed(
    start_kernel: StartKernel, environment: Path, small_channel: str
) -> None:
    kernel = start_kernel(
        environment,
        CONDA_EXTRA_SAFETY_CHECKS="true",
        CONDA_SIGNING_METADATA_URL_BASE=small_channel,
    )
    planned = kernel.run("%xconda install --dry-run greeter")
    assert planned.status == "ok", planned.error
    assert "Signed:   unknown. 1.root.json is not believed: there is no first root" in planned.last
    kernel.run("%env CONDA_EXTRA_SAFETY_CHECKS=false")
    assert "Signed:" not in kernel.run("%xconda install --dry-run greeter").last
