"""Finder: one query looked for in stored articles, with the matcher that flags them.

The full-text index narrows the articles down to candidates; the matcher decides,
so that a search and a rule with the same query always agree.
"""

from __future__ import annotations

from itertools import product

import attrs

from pipelines.matching import query as q
from pipelines.matching.automaton import Automaton, Vocabulary
from pipelines.matching.document import FIELDS, Document, join
from pipelines.matching.errors import TermError
from pipelines.matching.evaluate import satisfying
from pipelines.matching.planner import Planner
from pipelines.matching.ruleset import RuleSet
from pipelines.matching.term import patterns_of

_MOST_PAIRS = 40
"""Pairs of forms up to which the full-text index looks for nearness itself."""
_TOKENS_PER_WORD = 4
"""The index splits what counts as one word here (3.500, c.-à-d.) into several tokens."""
_COLUMNS = {"title": "title", "lead": "standfirst", "text": "text"}


@attrs.frozen
class Found:
    """A place where a query's term stands, in an article that satisfies the query."""

    field: str
    start: int
    end: int


class Finder:
    """A compiled query. Raises QueryError for an unknown lexicon or a term that names nothing."""

    def __init__(self, query: q.Query, rules: RuleSet) -> None:
        self._terms = {leaf: _terms(leaf, rules) for leaf in q.terms_of(query)}
        self._root = query.root
        vocabulary = Vocabulary()
        bits = {leaf: 1 << number for number, leaf in enumerate(self._terms)}
        for leaf, terms in self._terms.items():
            for term in terms:
                _add(vocabulary, term, bits[leaf])
        self._automaton = Automaton(vocabulary)
        self._plan = Planner(bits.__getitem__).plan(query.root)

    def find(self, title: str, lead: str, text: str) -> tuple[Found, ...]:
        """Return where the query is satisfied, empty when it is not."""
        scan = self._automaton.scan(join(title, lead, text))
        bases = (0, len(title) + 1, len(title) + 2 + len(lead))
        document = Document(scan.text, bases, self._automaton.hits(scan))
        found = []
        for hit in satisfying(self._plan, document):
            field = document.field_of(hit.start)
            base = document.bases[field]
            found.append(Found(FIELDS[field], hit.start - base, hit.end - base))
        return tuple(sorted(set(found), key=lambda f: (FIELDS.index(f.field), f.start, -f.end)))

    @property
    def full_text(self) -> str:
        """The query for the full-text index: never narrower than the query itself."""
        return self._widened(self._root)

    def _widened(self, node: q.Node) -> str:
        match node:
            case q.Term() | q.Lexicon():
                return self._any_of(self._terms[node])
            case q.And(parts):
                return f"({' AND '.join(map(self._widened, parts))})"
            case q.Or(parts):
                return f"({' OR '.join(map(self._widened, parts))})"
            case q.Near(left, right, distance):
                return self._near(left, right, distance)
            case q.Field(name, body):
                return f"{{{_COLUMNS[name]}}} : {self._widened(body)}"
        return self._widened(q.children(node)[0])

    def _near(self, left: q.Node, right: q.Node, distance: int) -> str:
        sides = [self._terms[side] for side in (left, right) if side in self._terms]
        pairs = list(product(*map(_phrases, sides)))
        if len(sides) < 2 or len(pairs) > _MOST_PAIRS:
            return f"({self._widened(left)} AND {self._widened(right)})"
        tokens = _TOKENS_PER_WORD * (distance + 1)
        return f"({' OR '.join(f'NEAR({one} {other}, {tokens})' for one, other in pairs)})"

    def _any_of(self, terms: tuple[str, ...]) -> str:
        return f"({' OR '.join(_phrases(terms))})"


def _phrases(terms: tuple[str, ...]) -> list[str]:
    """Return every form of some terms as a phrase of the full-text index."""
    return sorted(
        {
            f'"{pattern.folded.strip()}"' + (" *" if pattern.open_ended else "")
            for term in terms
            for pattern in patterns_of(term)
        }
    )


def _terms(leaf: q.Term | q.Lexicon, rules: RuleSet) -> tuple[str, ...]:
    if isinstance(leaf, q.Term):
        return (leaf.text,)
    if leaf.name not in rules.lexicons:
        raise q.QueryError(f"there is no lexicon @{leaf.name}", 1, 1)
    return rules.lexicons[leaf.name]


def _add(vocabulary: Vocabulary, term: str, bits: int) -> None:
    try:
        vocabulary.add(term, bits)
    except TermError as e:
        raise q.QueryError(str(e), 1, 1) from e
