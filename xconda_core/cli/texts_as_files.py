"""Environment files that come as text, not as paths. Layer: cli."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from xconda_core.errors import Json, XcondaError
from xconda_core.files.temporary import temporary_folder

_FILE_NAME: Final = "environment.yml"


@contextmanager
def file_of_text(options: Mapping[str, Json]) -> Iterator[Path | None]:
    """Keep the text that was sent as a file while the block runs; None where none was.

    Whoever sent it knows its name, and not our folder: errors are told without that.
    """
    text = options.get("text")
    if not isinstance(text, str):
        yield None
        return
    name = Path(str(options.get("file_name") or _FILE_NAME)).name
    with temporary_folder("keep the file that was sent", "xconda-file-") as folder:
        path = folder / name
        path.write_text(text, encoding="utf-8")
        try:
            yield path
        except XcondaError as error:
            told = (error.what, error.why, error.fix)
            error.what, error.why, error.fix = (each.replace(f"{folder}/", "") for each in told)
            raise
