"""Migrations: the schema of the archive, grown by appending and never edited once landed."""

from __future__ import annotations

from pathlib import Path

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations
from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined]  # the one SQLite of the process

from storage.connection import writing
from storage.errors import StorageError

migrations = Migrations("vigie")

_SCHEMA = Path(__file__).parent / "schema"
_FTS_COLUMNS = ("title", "standfirst", "text")
_LIGATURES = (("œ", "oe"), ("Œ", "Oe"), ("æ", "ae"), ("Æ", "Ae"))


@migrations()
def m001_first_schema(db: Database) -> None:
    """Create the tables of the design, the full-text index and the first views."""
    _run_script(db, (_SCHEMA / "m001_first_schema.sql").read_text(encoding="utf-8"))
    _create_full_text_index(db)


@migrations()
def m002_review_desk(db: Database) -> None:
    """Let verdicts be withdrawn, and add the views of the review desk."""
    _run_script(db, (_SCHEMA / "m002_review_desk.sql").read_text(encoding="utf-8"))


@migrations()
def m003_archive_at_scale(db: Database) -> None:
    """Add dates to walk along, agencies, and the articles to look at again."""
    _run_script(db, (_SCHEMA / "m003_archive_at_scale.sql").read_text(encoding="utf-8"))


@migrations()
def m004_unattended(db: Database) -> None:
    """Remember hosts that asked us to wait, when each source is asked again, frozen feeds."""
    _run_script(db, (_SCHEMA / "m004_unattended.sql").read_text(encoding="utf-8"))


def is_outdated(db: Database, path: Path | str) -> bool:
    """Whether an archive has an older schema than this program's.

    Raises StorageError when it holds migrations that this program does not know.
    """
    known = {migration.name for migration in migrations.pending(Database(memory=True))}
    unknown = sorted({m.name for m in migrations.applied(db)} - known)
    if unknown:
        raise StorageError(
            f"{path}: written by a newer Vigie (it has {unknown[0]}); upgrade this one first"
        )
    return bool(migrations.pending(db))


@migrations()
def m005_rule_precision(db: Database) -> None:
    """Make the precision of rules quick to read."""
    _run_script(db, (_SCHEMA / "m005_rule_precision.sql").read_text(encoding="utf-8"))


def migrate(db: Database, path: Path | str) -> None:
    """Bring an archive to the present schema, or refuse one that a newer Vigie wrote.

    Raises StorageError when the archive holds migrations that this program does not know.
    """
    if is_outdated(db, path):
        with writing(db):
            migrations.apply(db)


def _run_script(db: Database, script: str) -> None:
    """Run statements one by one: `executescript` would commit the open transaction."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            db.execute(statement)
            statement = ""


def _create_full_text_index(db: Database) -> None:
    """Index the articles in FTS5, kept by triggers in plain SQL so that any program may write.

    The tokenizer folds case and accents and splits elisions, but leaves œ and æ alone:
    the triggers spell these out.
    """
    db.execute(
        "create virtual table articles_fts using fts5 (title, standfirst, text,"
        ' content="articles", content_rowid="id", tokenize="unicode61 remove_diacritics 2")'
    )
    names = ", ".join(_FTS_COLUMNS)
    insert = f"insert into articles_fts (rowid, {names}) values (new.id, {_spelled('new')});"  # noqa: S608 - no outside text
    delete = (
        f"insert into articles_fts (articles_fts, rowid, {names})"  # noqa: S608 - no outside text
        f" values ('delete', old.id, {_spelled('old')});"
    )
    for event, statements in (
        ("insert", insert),
        ("delete", delete),
        (f"update of {names}", delete + insert),
    ):
        name = event.split(maxsplit=1)[0]
        db.execute(
            f"create trigger articles_fts_{name} after {event} on articles begin {statements} end"
        )


def _spelled(row: str) -> str:
    """Return the indexed columns of a trigger's row with their ligatures spelled out."""
    columns = []
    for column in _FTS_COLUMNS:
        expression = f"{row}.{column}"
        for ligature, letters in _LIGATURES:
            expression = f"replace({expression}, '{ligature}', '{letters}')"
        columns.append(expression)
    return ", ".join(columns)
