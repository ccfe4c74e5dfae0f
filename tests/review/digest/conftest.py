"""A small press in an archive in memory: outlets, polls, articles with matches, verdicts."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import attrs
import pytest

from review.digest.build import build_digest
from review.digest.records import Digest
from storage.archive import Archive
from storage.records import (
    Article,
    CountryMention,
    Flag,
    Language,
    Link,
    Match,
    Published,
    Reading,
    Refusal,
    SourceFacts,
)
from storage.runs import Poll
from storage.verdicts import Verdict, Verdicts

NOW = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)
DAY = timedelta(days=1)
TEXT = (
    "Des instructeurs russes sont arrivés à Bamako. L’armée malienne les attendait.\n"
    "Le ministre a salué « un partenariat d’égal à égal »."
)


@attrs.define
class Press:
    """What the tests publish and judge."""

    archive: Archive
    run: int
    clock: datetime = NOW

    def outlet(
        self, slug: str, name: str = "", country: str | None = "ML", alignment: str | None = None
    ) -> None:
        facts = SourceFacts(
            slug=slug, name=name or slug.title(), country=country, language="fr",
            url=f"https://{slug}.example", outlet="press", ownership=None,
            alignment=alignment, active=True,
        )  # fmt: skip
        self.archive.know_sources([facts])

    def poll(
        self, source: str, at: datetime, errors: dict[str, int] | None = None, new: int = 0
    ) -> None:
        run = self.archive.runs.begin("test", "rules-1", "[[rule]]", at)
        poll = Poll(
            source=source, started_at=at, seconds=1, requests=1, errors=errors or {},
            new_pages=new, stored=new, characters=3000 * new,
        )  # fmt: skip
        self.archive.runs.record(run, poll)

    def publish(
        self,
        source: str = "matin",
        *,
        title: str = "Mali : des instructeurs russes à Bamako",
        text: str = TEXT,
        standfirst: str | None = None,
        mark: str = "instructeurs russes|Bamako",
        themes: Sequence[str] = ("military",),
        countries: Sequence[str] = ("ML",),
        score: int = 60,
        flagged: bool = True,
        seen: datetime = NOW - timedelta(hours=2),
        published: datetime | None = None,
        copy_of: str | None = None,
        authors: Sequence[str] = ("A. Diarra",),
        slug: str | None = None,
        status: str | None = None,
    ) -> int:
        """Store an article and return its number; `mark` is a pattern of the words that fired."""
        number = self.archive.db.table("articles").count + 1
        url = f"https://{source}.example/{slug or f'a{number}'}"
        self.archive.queue.add(source, [Link(url=url, discovered_by="feed")], seen)
        article = Article(
            source=source, url=url, canonical_url=url, title=title, text=text,
            standfirst=standfirst, authors=tuple(authors),
            published=Published(
                at=published or seen, printed="", precision="second", origin="json-ld"
            ),
        )  # fmt: skip
        flag = Flag(
            rule_set="rules-1", flagged=flagged, score=score, themes=tuple(themes),
            countries=tuple(countries), status=status, status_words="arrivés" if status else None,
            matches=_matches(article, mark, themes), mentions=_mentions(countries),
        )  # fmt: skip
        base = int(hashlib.sha256((copy_of or url).encode()).hexdigest()[:12], 16)
        reading = Reading(
            queued_url=url, fetched_at=seen, status=200, headers=(), article=article,
            language=Language(code="fr", confidence=0.99, certain=True), flag=flag,
            text_digest=url, fingerprint=tuple(range(base, base + 10)),
        )  # fmt: skip
        self.archive.articles.store(reading, seen)
        return number

    def refuse(self, source: str, reason: str, pages: int = 1) -> None:
        for number in range(pages):
            url = f"https://{source}.example/{reason}-{number}"
            self.archive.queue.add(source, [Link(url=url, discovered_by="feed")], self.clock)
            refusal = Refusal(source=source, queued_url=url, reason=reason)
            for _ in range(4):
                self.archive.queue.refuse(refusal, self.clock - timedelta(hours=1))

    def judge(self, article: int, verdict: str, **more: object) -> None:
        given = Verdict(article=article, verdict=verdict, reviewer="awa", **more)  # type: ignore[arg-type]  # tests name the fields
        Verdicts(self.archive.db).record(given, self.clock - timedelta(hours=1))

    def take_back(self) -> None:
        Verdicts(self.archive.db).withdraw("awa", self.clock)

    def digest(self, since: timedelta = DAY) -> Digest:
        return build_digest(self.archive, self.clock - since, self.clock)


@pytest.fixture
def press() -> Press:
    return new_press()


@pytest.fixture(scope="module")
def shared_press() -> Callable[[], Press]:
    """Return a function that makes a press, for fixtures that outlive one test."""
    return new_press


def new_press() -> Press:
    archive = Archive.open(":memory:")
    press = Press(archive, archive.runs.begin("test", "rules-1", "[[rule]]", NOW - 90 * DAY))
    for slug in ("matin", "soir"):
        press.outlet(slug)
    press.outlet("relais", "Le Relais", None, "russian_network")
    return press


def _matches(article: Article, pattern: str, themes: Sequence[str]) -> tuple[Match, ...]:
    fields = {"title": article.title, "lead": article.standfirst or "", "text": article.text}
    return tuple(
        Match(
            rule=f"{theme}-rule", theme=theme, field=field, start=found.start(), end=found.end(),
            words=found.group(), sentence_start=start, sentence_end=end,
        )
        for field, text in fields.items()
        for start, end in _sentences(text, field)
        for found in re.finditer(pattern, text)
        if start <= found.start() < end
        for theme in themes
    )  # fmt: skip


def _sentences(text: str, field: str) -> list[tuple[int, int]]:
    if field != "text":
        return [(0, len(text))]
    return [found.span() for found in re.finditer(r"[^\s.][^.\n]*[.\n]?", text)]


def _mentions(countries: Sequence[str]) -> tuple[CountryMention, ...]:
    return tuple(
        CountryMention(codes=(code,), field="text", start=0, end=1, words="D", partner=True)
        for code in countries
    )
