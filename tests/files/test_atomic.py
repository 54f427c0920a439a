"""Files appear whole or not at all."""

import errno
import os
from pathlib import Path

import pytest

from xconda_core.files.atomic import write_bytes, write_json
from xconda_core.files.failures import (
    DiskFull,
    FileOperationFailed,
    NotWritable,
    TooManyOpenFiles,
    refusals_named,
)


def test_a_failed_write_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "document"
    write_bytes(path, b"old")

    def full(descriptor: int, content: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(OSError, match="No space"):
        write_bytes(path, b"new")

    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["document"]


def test_a_document_is_written_as_json_with_the_umask_obeyed(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_json(tmp_path / "document", {"a": [1, None]})
    finally:
        os.umask(before)

    assert (tmp_path / "document").read_text() == '{\n  "a": [\n    1,\n    null\n  ]\n}\n'
    assert (tmp_path / "document").stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.ENOSPC, DiskFull),
        (errno.EDQUOT, DiskFull),
        (errno.EACCES, NotWritable),
        (errno.EROFS, NotWritable),
        (errno.EMFILE, TooManyOpenFiles),
        (errno.EIO, FileOperationFailed),
    ],
)
def test_refusals_say_what_why_and_what_to_try(
    number: int, kind: type[FileOperationFailed]
) -> None:
    with pytest.raises(FileOperationFailed) as raised, refusals_named("store it", "/somewhere"):
        raise OSError(number, os.strerror(number), "/somewhere/file")

    assert type(raised.value) is kind
    assert str(raised.value).startswith("Could not store it.\n  why: /somewhere/file: ")
