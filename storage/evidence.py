"""Evidence: articles packed with all that is known of them, so that any change to the pack shows.

A pack is a ZIP file: for each article a folder with its text, the page as fetched with its
headers, its flag with matches, its revisions and its verdicts; the rule sets by name of digest;
and `MANIFEST.json`, the SHA-256 of each file. `MANIFEST.sha256` holds that of the manifest: kept
elsewhere (in a mail, in print), it proves the whole pack.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from storage.articles import content_digest
from storage.errors import StorageError, WrongInputError
from storage.files import replacing

MANIFEST, SEAL = "MANIFEST.json", "MANIFEST.sha256"
LARGEST = 200_000_000
"""Bytes that one file of a pack may unpack to."""
_EARLIEST = (1980, 1, 1, 0, 0, 0)

Files = Iterator[tuple[str, bytes]]


class PackError(WrongInputError):
    """A file is no evidence pack."""


def write_pack(db: Database, articles: Iterable[int], path: Path) -> str:
    """Pack articles and return the SHA-256 of the manifest; the same archive gives the same pack.

    Raises WrongInputError when an article is not there, StorageError when the file cannot be written.
    """
    files = sorted(_files(db, sorted(set(articles))))
    digests = {name: hashlib.sha256(body).hexdigest() for name, body in files}
    manifest = _as_json({"vigie": "evidence pack 1", "sha256": digests})
    seal = hashlib.sha256(manifest).hexdigest()
    closing = ((MANIFEST, manifest), (SEAL, f"{seal}  {MANIFEST}\n".encode()))
    with replacing(path) as temporary, zipfile.ZipFile(temporary, "w") as pack:
        for name, body in (*files, *closing):
            entry = zipfile.ZipInfo(name, _EARLIEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            pack.writestr(entry, body)
    return seal


def verify_pack(path: Path, seal: str | None = None) -> list[str]:
    """Return what was altered in a pack, one sentence each; empty when it is intact.

    `seal` is the SHA-256 of the manifest as it was told when the pack was made.
    Raises PackError when the file is no evidence pack.
    """
    try:
        with zipfile.ZipFile(path) as pack:
            return list(_altered(pack, seal))
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as e:
        raise PackError(f"{path}: is no evidence pack ({e})") from e


def _files(db: Database, articles: list[int]) -> Files:
    rule_sets: set[str] = set()
    for article in articles:
        folder = f"article-{article}"
        facts = _article(db, article)
        flag = _one(db, "select * from flags where article = ?", article)
        verdicts = _all(db, "select * from verdicts where article = ? order by id", article)
        judged_by = [flag, *verdicts]
        rule_sets.update(row["rule_set"] for row in judged_by if row and row["rule_set"])
        yield f"{folder}/article.json", _as_json(facts)
        yield f"{folder}/text.txt", _text(facts)
        yield f"{folder}/flag.json", _as_json(_flag(db, article, flag))
        yield f"{folder}/verdicts.json", _as_json(verdicts)
        yield f"{folder}/revisions.json", _as_json(_revisions(db, article))
        yield from _page(db, article, folder)
    for digest in sorted(rule_sets):
        rule_set = _one(db, "select * from rule_sets where digest = ?", digest)
        if rule_set is not None:
            yield f"rules/{digest}.toml", rule_set["text"].encode()


def _article(db: Database, article: int) -> dict[str, Any]:
    facts = _one(db, _ARTICLE, article)
    if facts is None:
        raise WrongInputError(f"no article {article} in the archive")
    if content_digest(facts["title"], facts["standfirst"], facts["text"]) != facts["digest"]:
        raise StorageError(f"article {article}: its text does not match its digest; see db check")
    return facts


def _text(facts: dict[str, Any]) -> bytes:
    parts = (facts["title"], facts["standfirst"], facts["text"])
    return "\n\n".join(part for part in parts if part).encode()


def _flag(db: Database, article: int, flag: dict[str, Any] | None) -> dict[str, Any]:
    return {
        "flag": flag,
        "matches": _all(db, "select * from matches where article = ? order by id", article),
        "mentions": _all(db, "select * from mentions where article = ? order by id", article),
    }


def _revisions(db: Database, article: int) -> dict[str, Any]:
    return {
        "revisions": _all(db, "select * from revisions where article = ? order by id", article),
        "revisits": _all(db, "select * from revisits where article = ?", article),
    }


def _page(db: Database, article: int, folder: str) -> Files:
    raw = _one(db, "select * from raw_pages where article = ?", article)
    if raw is None:
        return
    body = raw.pop("body")
    yield f"{folder}/page.json", _as_json(raw | {"headers": json.loads(raw["headers"])})
    yield f"{folder}/page.html", zlib.decompress(body)


def _altered(pack: zipfile.ZipFile, seal: str | None) -> Iterator[str]:
    manifest = _read(pack, MANIFEST)
    digests = json.loads(manifest)["sha256"]
    found = hashlib.sha256(manifest).hexdigest()
    expected = seal or _read(pack, SEAL).decode("utf-8", "replace").partition(" ")[0]
    if found != expected.strip().lower():
        yield f"{MANIFEST}: altered"
    names = [name for name in pack.namelist() if name not in (MANIFEST, SEAL)]
    yield from (f"{name}: missing" for name in sorted(digests.keys() - set(names)))
    yield from (f"{name}: added" for name in sorted(set(names) - digests.keys()))
    yield from (f"{name}: there twice" for name in sorted(set(names)) if names.count(name) > 1)
    for name in sorted(digests.keys() & set(names)):
        if not _holds(pack, name, digests[name]):
            yield f"{name}: altered"


def _holds(pack: zipfile.ZipFile, name: str, digest: str) -> bool:
    try:
        return hashlib.sha256(_read(pack, name)).hexdigest() == digest
    except (zipfile.BadZipFile, zlib.error, EOFError):
        return False


def _read(pack: zipfile.ZipFile, name: str) -> bytes:
    if pack.getinfo(name).file_size > LARGEST:
        raise ValueError(f"{name} is larger than any file of a pack")
    return pack.read(name)


def _one(db: Database, sql: str, key: int | str) -> dict[str, Any] | None:
    return next(db.query(sql, [key]), None)


def _all(db: Database, sql: str, article: int) -> list[dict[str, Any]]:
    return list(db.query(sql, [article]))


def _as_json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True).encode()


_ARTICLE = """
    select articles.*, sources.name as source_name, sources.country as source_country,
           sources.alignment, clusters.first_seen as story_first_seen,
           clusters.agency as story_agency, clusters.independent_sources
      from articles
      join sources on sources.slug = articles.source
      left join clusters on clusters.id = articles.cluster
     where articles.id = ?
"""
