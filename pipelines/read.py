"""Read: all that is found out about one page, in one trip to a worker."""

from __future__ import annotations

import hashlib
import zlib

import attrs

from pipelines.fingerprint import fingerprint, text_digest
from pipelines.flag import flag_article
from pipelines.language import detect_language
from pipelines.matching.ruleset import RuleSet
from pipelines.stopwatch import Stopwatch
from storage.folding import fold_text
from storage.records import Article, Flag, Language, Page, Reading, Refusal

KEEP_RAW = ("flagged", "all", "none")
"""Which pages are kept as fetched, beside their text."""


_rules: list[RuleSet] = []


def use_rules(rules: RuleSet) -> None:
    """Judge by this rule set from now on in this process; called once as a worker starts."""
    _rules[:] = [rules]


def rules_in_use() -> RuleSet:
    """Return the rule set of this process. Raises IndexError before `use_rules`."""
    return _rules[0]


def read_page(page: Page, keep_raw: str) -> Reading | Refusal:
    """Extract the article of a page, tell its language, flag it and take its fingerprint.

    A page without an article, or in another language than French, comes back as a refusal.
    """
    watch = Stopwatch()
    return attrs.evolve(_read(page, keep_raw, watch), seconds=watch.seconds)


def _read(page: Page, keep_raw: str, watch: Stopwatch) -> Reading | Refusal:
    # The crawl names this function and never runs it: it need not load what extracts (40 MB).
    from pipelines.extract import extract_article

    article = extract_article(page, watch)
    watch.lap("decode")  # the tree goes as extraction ends, which takes half of what parsing took
    if isinstance(article, Refusal):
        return article
    language = detect_language(article.title, article.text, page.language)
    watch.lap("language")
    if language.certain and language.code != "fr":
        return _refuse(page, language)
    flag = flag_article(article, rules_in_use(), page.country, page.outlet)
    watch.lap("flag")
    reading = _reading(page, article, language, flag, keep_raw)
    watch.lap("fingerprint")
    return reading


def _refuse(page: Page, language: Language) -> Refusal:
    return Refusal(
        source=page.source,
        queued_url=page.queued_url,
        reason="not_french",
        detail=f"{language.code} {language.confidence:.2f}",
        status=page.status,
    )


def _reading(
    page: Page, article: Article, language: Language, flag: Flag, keep_raw: str
) -> Reading:
    folded = fold_text(article.text)
    keep = keep_raw == "all" or (keep_raw == "flagged" and flag.flagged)
    return Reading(
        queued_url=page.queued_url,
        fetched_at=page.fetched_at,
        status=page.status,
        headers=page.headers,
        article=article,
        language=language,
        flag=flag,
        text_digest=text_digest(folded),
        fingerprint=fingerprint(folded),
        raw=zlib.compress(page.body) if keep else None,
        raw_sha256=hashlib.sha256(page.body).hexdigest() if keep else None,
    )
