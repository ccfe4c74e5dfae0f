"""Prefilter: whether any rule could fire on a page, told without extracting it.

A rule is taken for what it needs: of each list of terms at least one has to be on the page. An
Aho–Corasick pass over the words of the page looks for the few that every rule needs one of; only
where it finds one, another pass finds the terms of all rules.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping

from ahocorasick_rs import BytesAhoCorasick, Implementation

from pipelines.matching import query as q
from pipelines.matching.ruleset import RuleSet
from pipelines.matching.term import patterns_of
from pipelines.necessary import Forms, Leaf, necessary_forms
from pipelines.page.skim import Skimmed, folded_form, skim
from storage.records import Page

_MOST_NEEDS = 64
"""Lists that a rule is taken for at most; of one that needs more, some are run together."""

Needs = tuple[int, ...]
"""Sets of leaves as bits; an article on which a rule fires has a term of each set."""


class Prefilter:
    """Decides from a page's words whether it is worth extracting under a rule set."""

    def __init__(self, rules: RuleSet) -> None:
        deciding = [rule.query for rule in rules.rules if rule.strength]
        leaves = {leaf for query in deciding for leaf in q.terms_of(query)}
        forms = {leaf: frozenset(_forms(leaf, rules)) for leaf in leaves}
        self._first = _First(deciding, forms)
        self._all = _All(deciding, forms)

    def could_flag(self, page: Page) -> bool:
        """Whether the article of a page might be flagged; False only where it cannot be."""
        content_type = dict(page.headers).get("content-type")
        return self.may_flag(page.body, content_type, page.title_hint)

    def may_flag(
        self, body: bytes, content_type: str | None = None, title_hint: str | None = None
    ) -> bool:
        """As `could_flag`, of a page that is no record yet."""
        skimmed = skim(body, content_type, title_hint or "")
        if skimmed.is_uncertain:
            return True
        return self._first.is_met(skimmed) and self._all.are_met(skimmed)


@functools.lru_cache(maxsize=4)
def prefilter(rules: RuleSet) -> Prefilter:
    """Return the prefilter of a rule set, made once per process."""
    return Prefilter(rules)


class _First:
    """Whether a page holds any of the few forms that every rule needs one of.

    A thousand forms stay in the processor's cache, eight thousand do not: 0.1 ms against 0.5.
    """

    def __init__(self, queries: list[q.Query], forms: Forms) -> None:
        self._is_of_use = (found := necessary_forms(queries, forms)) is not None
        self._whole = _search(found or ())
        self._parts = _search(set(_parts(found or ())))

    def is_met(self, skimmed: Skimmed) -> bool:
        """Whether one is there, or may be; False means that no rule can fire."""
        whole, parts = self._whole.find_matches_as_indexes, self._parts.find_matches_as_indexes
        return (
            not self._is_of_use
            or bool(whole(skimmed.words))
            or bool(whole(skimmed.joined))
            or bool(parts(skimmed.joined))
        )


class _All:
    """Whether a page holds all that some rule needs."""

    def __init__(self, queries: list[q.Query], forms: Forms) -> None:
        bits = {leaf: 1 << number for number, leaf in enumerate(forms)}
        self._needs = tuple({_needs(query.root, bits) for query in queries})
        # A form of other letters than ours cannot be looked for: its leaf is taken to be there.
        self._given = sum(bits[leaf] for leaf, found in forms.items() if b"" in found)
        self._whole = _Finder(forms, bits)
        self._parts = _Finder({leaf: set(_parts(found)) for leaf, found in forms.items()}, bits)

    def are_met(self, skimmed: Skimmed) -> bool:
        """Whether they are there, or may be; False means that no rule can fire."""
        found = self._given | self._whole.find(skimmed.words)
        found |= self._whole.find(skimmed.joined) | self._parts.find(skimmed.joined)
        return any(all(found & need for need in needs) for needs in self._needs)


class _Finder:
    """Finds forms in words, and says whose they are."""

    def __init__(self, forms: Mapping[Leaf, Iterable[bytes]], bits: Mapping[Leaf, int]) -> None:
        owners: dict[bytes, int] = {}
        for leaf, found in forms.items():
            for form in found:
                owners[form] = owners.get(form, 0) | bits[leaf]
        owners.pop(b"", None)
        self._owners = list(owners.values())
        self._search = _search(owners)

    def find(self, words: bytes) -> int:
        """Return the bits of the leaves that have a form among the words."""
        found = self._search.find_matches_as_indexes(words, overlapping=True)
        bits = 0
        for key in {key for key, _, _ in found}:
            bits |= self._owners[key]
        return bits


def _search(forms: Iterable[bytes]) -> BytesAhoCorasick:
    return BytesAhoCorasick(list(forms) or [b"\0"], implementation=Implementation.ContiguousNFA)


def _forms(leaf: Leaf, rules: RuleSet) -> Iterator[bytes]:
    """Yield the forms of a leaf between the spaces that have to be around them."""
    terms = (leaf.text,) if isinstance(leaf, q.Term) else rules.lexicons[leaf.name]
    for term in terms:
        for pattern in patterns_of(term):
            form = folded_form(pattern.folded)
            yield form and (b" " + form if pattern.open_ended else b" %b " % form)


def _parts(forms: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the words of forms that have several."""
    for form in forms:
        *first, last = form.split() or [b""]
        if first:
            yield from (b" %b " % word for word in first)
            yield b" %b " % last if form.endswith(b" ") else b" " + last


def _needs(node: q.Node, bits: Mapping[Leaf, int]) -> Needs:
    """Return what a node of a query cannot be satisfied without."""
    match node:
        case q.Term() | q.Lexicon():
            return (bits[node],)
        case q.And(parts):
            return _merged(need for part in parts for need in _needs(part, bits))
        case q.Near(left, right):
            return _merged((*_needs(left, bits), *_needs(right, bits)))
        case q.Or(parts):
            return functools.reduce(_either, (_needs(part, bits) for part in parts))
    return _needs(q.children(node)[0], bits)


def _either(some: Needs, more: Needs) -> Needs:
    """Return what is needed where one of two parts has to be satisfied."""
    if len(some) * len(more) > _MOST_NEEDS:
        some, more = (some[0],), (more[0],)
    return _merged(one | other for one in some for other in more)


def _merged(needs: Iterable[int]) -> Needs:
    return tuple(dict.fromkeys(needs))
