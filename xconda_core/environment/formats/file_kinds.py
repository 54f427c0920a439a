"""What environment files can be said to be, by the names of conda. Layer: environment. Pure."""

from collections.abc import Mapping
from typing import Final

FILE_KINDS: Final[Mapping[str, str]] = {
    "cep-24": "environment", "environment-yaml": "environment", "env.yml": "environment",
    "environment.yml": "environment", "environment-json": "json",
    "explicit": "explicit", "requirements.txt": "specs", "requirements": "specs", "reqs": "specs",
    "conda-lock": "conda-lock", "conda-lock.yml": "conda-lock",
    "pixi-lock": "pixi-lock", "pixi.lock": "pixi-lock",
}  # fmt: skip
