"""What is offered for a name that there is not."""

import pytest

from xconda_core.solver.near_names import near_names

NAMES = (
    "beautifulsoup4", "gdal", "importlib_metadata", "jupyterlab", "matplotlib", "matplotlib-base",
    "numpy", "opencv", "orc", "pandas", "pillow", "psycopg2", "py-opencv", "python", "pytorch",
    "scikit-image", "scikit-learn", "yaml",
)  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("matplotlb", "matplotlib"),
        ("nunpy", "numpy"),
        ("gdla", "gdal"),
        ("pytroch", "pytorch"),
        ("sklearn", "scikit-learn"),
        ("scikitlearn", "scikit-learn"),
        ("jupyter-lab", "jupyterlab"),
        ("importlib-metadata", "importlib_metadata"),
        ("opencv-python", "opencv"),
        ("psycopg2-binary", "psycopg2"),
        ("beautifulsoup", "beautifulsoup4"),
        ("torch", "pytorch"),
        ("pillow-simd", "pillow"),
    ],
)
def test_what_is_likely_meant_comes_first(typed: str, first: str) -> None:
    assert near_names(typed, NAMES)[0] == first


@pytest.mark.parametrize("typed", ["qqqqq", "", "x", "python-nosuchthing-lib"])
def test_what_is_like_nothing_gets_no_advice(typed: str) -> None:
    assert near_names(typed, NAMES) == ()
