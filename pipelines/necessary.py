"""Necessary: few forms of which any text that a rule fires on holds at least one.

A rule that wants Russia, an African state and a word of cooperation needs one of each, so it is
enough to look for one kind. Which one is worked out from the rules: lexicons are left out, those of
many forms first, as long as every rule still needs something that is looked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ahocorasick_rs import BytesAhoCorasick

from pipelines.matching import query as q

Leaf = q.Term | q.Lexicon
Forms = Mapping[Leaf, frozenset[bytes]]
"""The forms of leaves, in lower case between the spaces that have to be around them."""


def necessary_forms(queries: Iterable[q.Query], forms: Forms) -> frozenset[bytes] | None:
    """Return the forms to look for, None where some query needs none that can be looked for."""
    roots = [query.root for query in queries]
    cover = _Cover(forms)
    if not all(cover.is_needed(root) for root in roots):
        return None
    for leaf in sorted(cover.kept, key=lambda leaf: (-len(forms[leaf]), str(leaf))):
        cover.drop(leaf)
        if not all(cover.is_needed(root) for root in roots):
            cover.take_back(leaf)
    return cover.shortest()


class _Cover:
    """Some leaves, and those whose forms all have one of theirs within: "russe" in "café russe"."""

    def __init__(self, forms: Forms) -> None:
        # What has no form in our letters cannot be looked for, and nothing is needed of it.
        sought = {leaf: found for leaf, found in forms.items() if found and b"" not in found}
        self._every = sorted({form for found in sought.values() for form in found})
        numbers = {form: number for number, form in enumerate(self._every)}
        self._numbers = {leaf: [numbers[form] for form in found] for leaf, found in sought.items()}
        self._within = self._contained()
        self.kept = set(sought)
        self._covered = self._closure()

    def _contained(self) -> list[int]:
        """Return for each form, as bits, the forms that are found where it is, itself too."""
        search = BytesAhoCorasick(self._every or [b"\0"])
        found = (search.find_matches_as_indexes(form, overlapping=True) for form in self._every)
        return [sum(1 << number for number in {key for key, _, _ in keys}) for keys in found]

    def drop(self, leaf: Leaf) -> None:
        """Look for a leaf's forms no more."""
        self.kept.discard(leaf)
        self._covered = self._closure()

    def take_back(self, leaf: Leaf) -> None:
        """Look for a leaf's forms again."""
        self.kept.add(leaf)
        self._covered = self._closure()

    def is_needed(self, node: q.Node) -> bool:
        """Whether a node cannot be satisfied without a form that is looked for."""
        match node:
            case q.Term() | q.Lexicon():
                return node in self._covered
            case q.And(parts):
                return any(map(self.is_needed, parts))
            case q.Near(left, right):
                return self.is_needed(left) or self.is_needed(right)
            case q.Or(parts):
                return all(map(self.is_needed, parts))
        return self.is_needed(q.children(node)[0])

    def shortest(self) -> frozenset[bytes]:
        """Return the forms to look for, without those that hold another one."""
        kept = self._bits()
        numbers = {number for leaf in self.kept for number in self._numbers[leaf]}
        alone = (n for n in numbers if not self._within[n] & kept & ~(1 << n))
        return frozenset(self._every[number] for number in alone)

    def _bits(self) -> int:
        bits = 0
        for leaf in self.kept:
            for number in self._numbers[leaf]:
                bits |= 1 << number
        return bits

    def _closure(self) -> set[Leaf]:
        kept = self._bits()
        return {
            leaf
            for leaf, numbers in self._numbers.items()
            if leaf in self.kept or all(self._within[number] & kept for number in numbers)
        }
