"""Partitions: Parquet files of rows, each written as a whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import pyarrow
from pyarrow import parquet

from pipelines.cluster.rows import Row, row_of_exported
from storage.errors import WrongInputError

BATCH = 500
"""Rows in memory at a time, of about 100 KB each where pages are kept as fetched."""
ENDING = ".parquet"
_UNFINISHED = ".part"

_TEXT, _NUMBER, _TRUTH = pyarrow.string(), pyarrow.int64(), pyarrow.bool_()
_TEXTS = pyarrow.list_(_TEXT)


def _list_of(**columns: pyarrow.DataType) -> pyarrow.DataType:
    return pyarrow.list_(pyarrow.struct(list(columns.items())))


_PLACE = {"field": _TEXT, "start": _NUMBER, "end": _NUMBER, "words": _TEXT}
_MATCHES = _list_of(
    rule=_TEXT,
    theme=_TEXT,
    **_PLACE,
    sentence_start=_NUMBER,
    sentence_end=_NUMBER,
    term=_TEXT,
    masked=_TEXT,
)

SCHEMA = pyarrow.schema(
    {
        "source": _TEXT,
        "source_name": _TEXT,
        "source_country": _TEXT,
        "source_language": _TEXT,
        "url": _TEXT,
        "canonical_url": _TEXT,
        "title": _TEXT,
        "standfirst": _TEXT,
        "text": _TEXT,
        "authors": _TEXTS,
        "published_at": _TEXT,
        "published_printed": _TEXT,
        "published_precision": _TEXT,
        "published_from": _TEXT,
        "modified_at": _TEXT,
        "section": _TEXT,
        "tags": _TEXTS,
        "image": _TEXT,
        "partial": _TRUTH,
        "declared_language": _TEXT,
        "language": _TEXT,
        "language_confidence": pyarrow.float64(),
        "language_certain": _TRUTH,
        "flagged": _TRUTH,
        "score": _NUMBER,
        "themes": _TEXTS,
        "countries": _TEXTS,
        "mentioned": _TEXTS,
        "undecided": _TEXTS,
        "status": _TEXT,
        "status_words": _TEXT,
        "rule_set": _TEXT,
        "matches": _MATCHES,
        "mentions": _list_of(codes=_TEXTS, **_PLACE, partner=_TRUTH),
        "arithmetic": _TEXT,
        "text_digest": _TEXT,
        "fingerprint": pyarrow.list_(_NUMBER),
        "queued_url": _TEXT,
        "fetched_at": _TEXT,
        "http_status": _NUMBER,
        "headers": _list_of(name=_TEXT, value=_TEXT),
        "raw": pyarrow.binary(),
        "raw_sha256": _TEXT,
    }
)
"""The columns of a partition; where `vigie export` has the same, they have the same names."""


_MAGIC = b"PAR1"


class PartitionError(WrongInputError):
    """A file is no partition of ours and no export."""


def partitions_of(paths: Iterable[Path]) -> list[Path]:
    """Return the Parquet files among files and folders, sorted.

    Raises PartitionError for a folder that holds none, and for a file that is none.
    """
    files: list[Path] = []
    for path in paths:
        found = sorted(path.glob(f"*{ENDING}")) if path.is_dir() else [path]
        if not found:
            raise PartitionError(f"{path}: no {ENDING} file in it")
        if path.is_file() and not _is_parquet(path):
            raise PartitionError(f"{path}: is no Parquet file")
        files += found
    return files


def _is_parquet(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC


def read_partition(path: Path) -> Iterator[Row]:
    """Yield the rows of a partition, or of a file that `vigie export --format parquet` wrote.

    Raises PartitionError.
    """
    try:
        file = parquet.ParquetFile(path)
    except (OSError, pyarrow.ArrowInvalid) as e:
        raise PartitionError(f"{path}: cannot be read as Parquet ({e})") from e
    with file:
        exported = _is_exported(path, set(file.schema_arrow.names))
        for batch in file.iter_batches(BATCH):
            yield from map(row_of_exported, batch.to_pylist()) if exported else batch.to_pylist()


def write_partition(rows: Iterable[Row], path: Path) -> None:
    """Write rows to a partition, which is there as a whole once all went well."""
    pending = iter(rows)
    with (
        _taking_its_place(path) as temporary,
        parquet.ParquetWriter(temporary, SCHEMA, compression="zstd") as writer,
    ):
        while batch := list(islice(pending, BATCH)):
            writer.write_batch(pyarrow.RecordBatch.from_pylist(batch, schema=SCHEMA))


def sweep_up(folder: Path) -> None:
    """Remove what processes that were killed left behind."""
    for left in folder.glob(f".*{_UNFINISHED}"):
        left.unlink(missing_ok=True)


@contextmanager
def _taking_its_place(path: Path) -> Iterator[Path]:
    """Give a temporary file of this process alone beside `path`, which takes its place at the end.

    A task that was given up for lost may still be writing when another does its work again.
    """
    descriptor, name = tempfile.mkstemp(_UNFINISHED, f".{path.name}.", path.parent)
    temporary = Path(name)
    try:
        yield temporary
        os.fsync(descriptor)
        temporary.replace(path)
    finally:
        os.close(descriptor)
        temporary.unlink(missing_ok=True)


def _is_exported(path: Path, columns: set[str]) -> bool:
    if set(SCHEMA.names) <= columns:
        return False
    if {"digest", "source_country", "source_name", "first_seen"} <= columns:
        return True
    missing = ", ".join(sorted(set(SCHEMA.names) - columns)[:3])
    raise PartitionError(f"{path}: neither a partition nor an export (it has no {missing}, …)")
