"""Catalogue: the monitored sources, read from TOML and checked before the first request."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from crawler.source import Source
from storage.errors import WrongInputError

SHIPPED = Path(__file__).parent / "sources"
PANAFRICAN = "PAN"
"""Stands for a country where sources of many countries are selected."""

_SHAPES = {
    "cms": "one word in small letters",
    "country": "two capital letters (ISO 3166-1)",
    "language": "two small letters (ISO 639-1)",
    "slug": "small letters, digits and underscores",
}


class CatalogueError(WrongInputError):
    """The catalogue cannot be used; the message names file, slug and reason, one problem a line."""


class Catalogue(Mapping[str, Source]):
    """The sources by slug, in the order of their slugs."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self._sources = {source.slug: source for source in sorted(sources, key=lambda s: s.slug)}

    def __getitem__(self, slug: str) -> Source:
        return self._sources[slug]

    def __iter__(self) -> Iterator[str]:
        return iter(self._sources)

    def __len__(self) -> int:
        return len(self._sources)

    def select(
        self, slugs: Iterable[str] = (), countries: Iterable[str] = ()
    ) -> tuple[Source, ...]:
        """Return the sources named, and the active ones of the countries; all active ones by default.

        A source named by its slug is returned even if it is not active.
        Raises CatalogueError for a slug or country that has no source.
        """
        wanted = set(slugs)
        codes = {code.upper() for code in countries}
        problems = [*self._unknown_slugs(wanted), *self._unknown_countries(codes)]
        if problems:
            raise CatalogueError("\n".join(problems))
        everything = not wanted and not codes
        return tuple(
            source
            for source in self.values()
            if source.slug in wanted
            or (source.active and (everything or _country_key(source) in codes))
        )

    def _unknown_slugs(self, slugs: set[str]) -> Iterator[str]:
        for slug in sorted(slugs - self._sources.keys()):
            near = get_close_matches(slug, self._sources, n=3)
            advice = f"did you mean {', '.join(near)}?" if near else "see `vigie sources list`"
            yield f"no source is called '{slug}'; {advice}"

    def _unknown_countries(self, codes: set[str]) -> Iterator[str]:
        known = {_country_key(source) for source in self.values()}
        for code in sorted(codes - known):
            yield f"no source of country '{code}'; there are {', '.join(sorted(known))}"


def load_catalogue(path: Path | None = None) -> Catalogue:
    """Return the sources of a TOML file or of a folder of them, the shipped ones by default.

    Raises CatalogueError, which lists every problem of every file at once.
    """
    sources: dict[str, tuple[Source, str]] = {}
    problems: list[str] = []
    for file in _toml_files(SHIPPED if path is None else path):
        found, wrong = _read_file(file)
        problems += wrong
        for source in found:
            if source.slug in sources:
                problems.append(
                    f"{file.name}: {source.slug}: slug is taken already, in {sources[source.slug][1]}"
                )
            sources.setdefault(source.slug, (source, file.name))
    if problems:
        raise CatalogueError("\n".join(problems))
    return Catalogue(source for source, _ in sources.values())


def _country_key(source: Source) -> str:
    return source.country or PANAFRICAN


def _toml_files(path: Path) -> list[Path]:
    try:
        if not path.is_dir():
            return [path]
        files = sorted(file for file in path.iterdir() if file.suffix == ".toml")
    except OSError as error:
        raise CatalogueError(f"{path}: cannot be read: {error.strerror}") from error
    if not files:
        raise CatalogueError(f"{path}: no .toml file in this folder")
    return files


def _read_file(file: Path) -> tuple[list[Source], list[str]]:
    try:
        document = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        return [], [f"{file}: cannot be read: {error.strerror}"]
    except UnicodeDecodeError as error:
        return [], [f"{file.name}: is not UTF-8 text (byte {error.start})"]
    except tomllib.TOMLDecodeError as error:
        return [], [f"{file.name}: is not valid TOML: {error}"]
    entries = document.pop("source", None)
    problems = [f"{file.name}: unknown key '{key}' outside of [[source]]" for key in document]
    if not entries or not isinstance(entries, list):
        return [], [*problems, f"{file.name}: no [[source]] in it"]
    sources: list[Source] = []
    for number, entry in enumerate(entries, start=1):
        try:
            sources.append(Source.model_validate(entry))
        except ValidationError as error:
            problems += [f"{file.name}: {line}" for line in _reasons(error, entry, number)]
    return sources, problems


def _reasons(error: ValidationError, entry: Any, number: int) -> Iterator[str]:
    slug = entry.get("slug") if isinstance(entry, dict) else None
    where = slug if isinstance(slug, str) and slug else f"source {number}"
    for detail in error.errors(include_url=False):
        yield f"{where}: {_reason(detail)}"


def _reason(detail: ErrorDetails) -> str:
    key = str(detail["loc"][0]) if detail["loc"] else ""
    value = detail["input"]
    context = detail.get("ctx", {})
    match detail["type"]:
        case "missing":
            return f"{key} is missing"
        case "extra_forbidden":
            near = get_close_matches(key, Source.model_fields, n=1)
            return f"unknown key '{key}'" + (f"; did you mean {near[0]}?" if near else "")
        case "literal_error":
            return f"{key} {value!r} is not one of {_plain(context['expected'])}"
        case "string_pattern_mismatch":
            return f"{key} {value!r} is not {_SHAPES[key]}"
        case "value_error":
            return f"{key} {value!r} {context['error']}" if key else str(context["error"])
    return f"{key or 'entry'} {value!r}: {detail['msg'][0].lower()}{detail['msg'][1:]}"


def _plain(expected: str) -> str:
    return expected.replace(" or ", ", ").replace("'", "")
