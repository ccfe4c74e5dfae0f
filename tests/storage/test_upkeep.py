"""Backup, prune and evidence: what is done with an archive that others use."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import attrs
import pytest

import storage.backup
from storage.archive import Archive
from storage.backup import backup_archive
from storage.check import check_archive
from storage.errors import StorageError, WrongInputError
from storage.evidence import PackError, verify_pack, write_pack
from storage.prune import Prunable, prunable, prune
from storage.records import Flag, Reading
from storage.verdicts import Verdict, Verdicts

Make = Callable[..., Reading]
UNFLAGGED = Flag(rule_set="rules-1", flagged=False, score=0)


def distinct(make: Make, number: int, **changes: object) -> Reading:
    url = f"https://matin.example/n{number}"
    reading = make(url, text_digest=url, fingerprint=(), **changes)
    return attrs.evolve(reading, article=attrs.evolve(reading.article, text=f"Texte {number}."))


def test_a_backup_is_one_sound_file_with_every_row(
    archive: Archive, now: datetime, make_reading: Make, tmp_path: Path
) -> None:
    for number in range(5):
        archive.articles.store(distinct(make_reading, number), now)

    size = backup_archive(archive.db, tmp_path / "copy.db")

    assert [path.name for path in tmp_path.iterdir()] == ["copy.db"]
    assert (tmp_path / "copy.db").stat().st_size == size
    copy = Archive.open(tmp_path / "copy.db")
    assert check_archive(copy.db) == []
    assert copy.db.execute("select count(*) from articles").fetchone() == (5,)


def test_a_backup_is_taken_while_others_write(
    now: datetime, make_reading: Make, tmp_path: Path
) -> None:
    path = tmp_path / "vigie.db"
    writer, reader = Archive.open(path), Archive.read(path)
    writer.db.execute("begin immediate")

    backup_archive(reader.db, tmp_path / "copy.db")

    writer.db.execute("rollback")
    assert (tmp_path / "copy.db").stat().st_mode & 0o777 == 0o600
    header = (tmp_path / "copy.db").read_bytes()[18:20]
    assert header == b"\1\1"  # no write-ahead log, so that it opens where nothing may be written


def test_what_a_killed_backup_left_is_not_played_into_the_next(
    archive: Archive, tmp_path: Path
) -> None:
    for kind in ("", "-journal", "-wal", "-shm"):
        (tmp_path / f".copy.db.part{kind}").write_bytes(b"half of a page")

    backup_archive(archive.db, tmp_path / "copy.db")

    assert [path.name for path in tmp_path.iterdir()] == ["copy.db"]


def test_a_backup_that_is_not_sound_leaves_the_older_one(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "copy.db"
    path.write_text("yesterday's", encoding="utf-8")
    copy = storage.backup._copy  # noqa: SLF001 - a copy that goes wrong

    def damaged(db: object, target: Path) -> None:
        copy(db, target)  # type: ignore[arg-type]
        with target.open("r+b") as file:
            file.seek(4096 * 3)
            file.write(b"\xff" * 4096 * 4)

    monkeypatch.setattr(storage.backup, "_copy", damaged)

    with pytest.raises(StorageError, match="damaged"):
        backup_archive(archive.db, path)

    assert path.read_text(encoding="utf-8") == "yesterday's"
    assert [one.name for one in tmp_path.iterdir()] == ["copy.db"]


def test_an_archive_is_not_backed_up_over_itself(tmp_path: Path) -> None:
    path = tmp_path / "vigie.db"

    with pytest.raises(StorageError, match="is the archive itself"):
        backup_archive(Archive.open(path).db, path)


def test_pages_of_flagged_judged_and_changed_articles_are_never_pruned(
    archive: Archive, now: datetime, make_reading: Make
) -> None:
    old = now - timedelta(days=200)
    flagged = distinct(make_reading, 1, fetched_at=old)
    plain = [distinct(make_reading, n, fetched_at=old, flag=UNFLAGGED) for n in range(2, 6)]
    fresh = distinct(make_reading, 6, flag=UNFLAGGED)
    for reading in (flagged, *plain, fresh):
        archive.articles.store(reading, now)
    Verdicts(archive.db).record(Verdict(article=2, verdict="irrelevant", reviewer="awa"), now)
    Verdicts(archive.db).withdraw("awa", now)
    archive.revisions.revise(3, distinct(make_reading, 33), None, now)
    archive.judgements.replace([(3, UNFLAGGED)], now)

    found = prunable(archive.db, now - timedelta(days=90))

    assert found == Prunable(raw_pages=2, bytes=2 * len(fresh.raw or b""))
    assert prune(archive.db, now - timedelta(days=90)) == 2
    kept = archive.db.execute("select article from raw_pages order by 1").fetchall()
    assert kept == [(1,), (2,), (3,), (6,)]
    assert archive.db.execute("select count(*) from articles").fetchone() == (6,)
    assert check_archive(archive.db) == []


@pytest.fixture
def pack(archive: Archive, now: datetime, make_reading: Make, tmp_path: Path) -> tuple[Path, str]:
    archive.articles.store(distinct(make_reading, 1), now)
    archive.revisions.revise(1, distinct(make_reading, 11), None, now + timedelta(days=1))
    Verdicts(archive.db).record(Verdict(article=1, verdict="relevant", reviewer="awa"), now)
    path = tmp_path / "pack.zip"
    return path, write_pack(archive.db, [1], path)


def test_a_pack_holds_page_text_flag_revisions_verdicts_and_rules(pack: tuple[Path, str]) -> None:
    path, seal = pack

    with zipfile.ZipFile(path) as held:
        names = set(held.namelist())
        assert held.read("article-1/page.html").startswith(b"<html>")
        assert b"instructeurs russes" in held.read("article-1/flag.json")
        assert b"Texte 1." in held.read("article-1/revisions.json")
        assert b"awa" in held.read("article-1/verdicts.json")
        assert seal.encode() in held.read("MANIFEST.sha256")
    assert {"rules/rules-1.toml", "article-1/page.json", "article-1/text.txt"} <= names
    assert verify_pack(path) == []
    assert verify_pack(path, seal) == []
    assert verify_pack(path, f" {seal.upper()}\n") == []


def altered(path: Path, change: Callable[[dict[str, bytes]], object]) -> Path:
    files = contents(path)
    change(files)
    with zipfile.ZipFile(path, "w") as pack:
        for name, body in files.items():
            pack.writestr(name, body)
    return path


def test_what_was_altered_is_named(pack: tuple[Path, str]) -> None:
    def change(files: dict[str, bytes]) -> None:
        files["article-1/text.txt"] += b" et plus"
        del files["article-1/verdicts.json"]
        files["article-2/text.txt"] = b"ajout"

    assert verify_pack(altered(pack[0], change)) == [
        "article-1/verdicts.json: missing",
        "article-2/text.txt: added",
        "article-1/text.txt: altered",
    ]


@pytest.mark.filterwarnings("ignore:Duplicate name")  # which is what is tested
def test_a_second_file_of_a_name_is_found(pack: tuple[Path, str]) -> None:
    with zipfile.ZipFile(pack[0], "a") as held:
        held.writestr("article-1/text.txt", held.read("article-1/text.txt"))

    assert verify_pack(pack[0], pack[1]) == ["article-1/text.txt: there twice"]


def test_a_forged_manifest_is_found_out_by_the_seal(pack: tuple[Path, str]) -> None:
    import hashlib
    import json

    def forge(files: dict[str, bytes]) -> None:
        files["article-1/text.txt"] = b"faux"
        manifest = json.loads(files["MANIFEST.json"])
        manifest["sha256"]["article-1/text.txt"] = hashlib.sha256(b"faux").hexdigest()
        files["MANIFEST.json"] = json.dumps(manifest).encode()
        seal = hashlib.sha256(files["MANIFEST.json"]).hexdigest()
        files["MANIFEST.sha256"] = f"{seal}  MANIFEST.json\n".encode()

    path = altered(pack[0], forge)

    assert verify_pack(path) == []
    assert verify_pack(path, pack[1]) == ["MANIFEST.json: altered"]


@pytest.mark.parametrize("place", range(40, 1400, 97))
def test_a_changed_byte_is_found(pack: tuple[Path, str], place: int) -> None:
    before = contents(pack[0])
    body = bytearray(pack[0].read_bytes())
    body[place] ^= 0x20
    pack[0].write_bytes(bytes(body))

    try:
        problems = verify_pack(pack[0], pack[1])
    except PackError:
        return
    assert problems or contents(pack[0]) == before  # a flag of the container is not content


def contents(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as pack:
        return {name: pack.read(name) for name in pack.namelist()}


def test_the_same_archive_gives_the_same_pack(
    archive: Archive, pack: tuple[Path, str], tmp_path: Path
) -> None:
    assert write_pack(archive.db, [1, 1], tmp_path / "again.zip") == pack[1]
    assert (tmp_path / "again.zip").read_bytes() == pack[0].read_bytes()


def test_a_file_that_is_no_pack_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "pack.zip"
    path.write_bytes(b"PK nothing")

    with pytest.raises(PackError, match="is no evidence pack"):
        verify_pack(path)


def test_an_article_that_is_not_there_cannot_be_packed(archive: Archive, tmp_path: Path) -> None:
    with pytest.raises(WrongInputError, match="no article 9"):
        write_pack(archive.db, [9], tmp_path / "pack.zip")

    assert list(tmp_path.iterdir()) == []
