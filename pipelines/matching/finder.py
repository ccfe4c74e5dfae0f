"""Finder: one query looked for in stored articles, with the matcher that flags them.

The full-text index narrows the articles down to candidates; the matcher decides,
so that a search and a rule with the same query always agree.
"""

from __future__ import annotations

from itertools import product
from math import prod

import attrs

from pipelines.matching import query as q
from pipelines.matching.aside import Aside
from pipelines.matching.automaton import Automaton, Hit, Scan, Vocabulary
from pipelines.matching.document import FIELDS, Document, join
from pipelines.matching.errors import QueryError, TermError
from pipelines.matching.glance import could_satisfy
from pipelines.matching.plan import satisfying
from pipelines.matching.planner import Planner
from pipelines.matching.ruleset import RuleSet
from pipelines.matching.term import patterns_of

_MOST_PAIRS = 200
"""Pairs of forms up to which the full-text index looks for nearness itself."""
_FEW_FORMS = 10
"""Forms of a term or lexicon up to which phrases are looked for word by word."""
_TOKENS_PER_WORD = 4
"""The index splits what counts as one word here (3.500, c.-à-d.) into several tokens."""
_BY_SENTENCE = (q.Sentence, q.Paragraph, q.Field, q.NoArticle, q.NoSentence)
"""What cannot be told without the sentences of the article."""
_NEGATIONS = (q.Not, q.NoArticle, q.NoSentence)
"""What an article can satisfy because words do not count."""
_COLUMNS = {"title": "title", "lead": "standfirst", "text": "text"}


@attrs.frozen
class Found:
    """A place where a query's term stands, in an article that satisfies the query."""

    field: str
    start: int
    end: int


@attrs.frozen
class Look:
    """What a look at one article gave."""

    places: tuple[Found, ...] = ()
    left_out: bool = False
    """Whether it satisfies the query only with words that stand in longer names and masks."""


class Finder:
    """A compiled query. Raises QueryError for an unknown lexicon or a term that names nothing.

    What the rules would not count is not found either, unless it is asked for `as_written`.
    """

    def __init__(self, query: q.Query, rules: RuleSet, *, as_written: bool = False) -> None:
        self._terms = {leaf: _terms(leaf, rules) for leaf in q.terms_of(query)}
        self._root = query.root
        vocabulary = Vocabulary()
        bits = {leaf: 1 << number for number, leaf in enumerate(self._terms)}
        for leaf, terms in self._terms.items():
            for term in terms:
                _add(vocabulary, term, bits[leaf])
        self._automaton = Automaton(vocabulary)
        self._bits_of = bits.__getitem__
        self._plan = Planner(bits.__getitem__).plan(query.root)
        nodes = [node for node, _ in q.nodes_of(query)]
        self._by_sentence = any(isinstance(node, _BY_SENTENCE) for node in nodes)
        self._negates = any(isinstance(node, _NEGATIONS) for node in nodes)
        self._aside = None if as_written else Aside(rules.engine)

    def find(self, title: str, lead: str, text: str) -> tuple[Found, ...]:
        """Return where the query is satisfied, empty when it is not."""
        return self.look(title, lead, text).places

    def look(self, title: str, lead: str, text: str) -> Look:
        """Say where the query is satisfied, and whether other words alone would satisfy it."""
        scan = self._automaton.scan(join(title, lead, text))
        bases = (0, len(title) + 1, len(title) + 2 + len(lead))
        hits = self._automaton.hits(scan)
        if not could_satisfy(self._root, self._bits_of, hits, scan.text):
            return Look()
        written = self._places(scan, bases, hits)
        if self._aside is None or not (written or self._negates):
            return Look(written)
        counting = self._aside.counting(scan, hits)
        places = written if len(counting) == len(hits) else self._places(scan, bases, counting)
        return Look(places, left_out=bool(written) and not places)

    def _places(
        self, scan: Scan, bases: tuple[int, int, int], hits: list[Hit]
    ) -> tuple[Found, ...]:
        document = Document(scan, bases, hits, undivided=not self._by_sentence)
        return _places(document, document.hits_of(satisfying(self._plan, document)))

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
        if len(sides) < 2 or prod(len(_shortest_forms(terms)) for terms in sides) > _MOST_PAIRS:
            return f"({self._widened(left)} AND {self._widened(right)})"
        # A word stands for its phrase, and a phrase for longer ones: the others come between.
        longest = max(len(form.split()) for terms in sides for form in _forms(terms))
        tokens = _TOKENS_PER_WORD * (distance + longest)
        pairs = product(*({_word_of(form) for form in _shortest_forms(terms)} for terms in sides))
        return f"({' OR '.join(f'NEAR({one} {other}, {tokens})' for one, other in sorted(pairs))})"

    def _any_of(self, terms: tuple[str, ...]) -> str:
        forms = _shortest_forms(terms)
        written = map(_phrase, forms) if len(forms) <= _FEW_FORMS else map(_pair_of, forms)
        return f"({' OR '.join(written)})"


def _places(document: Document, hits: list[Hit]) -> tuple[Found, ...]:
    found = set()
    for hit in hits:
        field = document.field_of(hit.start)
        base = document.bases[field]
        found.add(Found(FIELDS[field], hit.start - base, hit.end - base))
    return tuple(sorted(found, key=lambda f: (FIELDS.index(f.field), f.start, -f.end)))


def _phrase(form: str) -> str:
    """Return a form as the full-text index reads it."""
    return f'"{form.removesuffix("*")}"' + (" *" if form.endswith("*") else "")


def _pair_of(form: str) -> str:
    """Return the two longest words of a form, which is quicker to look for than all in a row.

    The index looks for the first place of each phrase, however far away: one of common words
    that stands nowhere has it read their places in every article.
    """
    words = form.split()
    if len(words) < 3:
        return _phrase(form)
    longest = sorted(sorted(words, key=len)[-2:])
    return f"({' AND '.join(map(_phrase, longest))})"


def _word_of(form: str) -> str:
    return _phrase(max(form.split(), key=len))


def _shortest_forms(terms: tuple[str, ...]) -> list[str]:
    """Return the forms of some terms, but for those that hold another one.

    Where « fédération de russie » stands, « russie » does.
    """
    forms = _forms(terms)
    words = frozenset(form for form in forms if " " not in form and not form.endswith("*"))
    beginnings = tuple(form[:-1] for form in forms if " " not in form and form.endswith("*"))
    return [form for form in forms if not _is_implied(form, words, beginnings)]


def _is_implied(form: str, words: frozenset[str], beginnings: tuple[str, ...]) -> bool:
    """Whether a form holds one of these words, or one that begins so, other than itself."""
    own = form.removesuffix("*").split()
    whole = own[:-1] if form.endswith("*") else own
    if len(own) > 1 and not words.isdisjoint(whole):
        return True
    others = tuple(one for one in beginnings if form != f"{one}*")
    return any(word.startswith(others) for word in own) if others else False


def _forms(terms: tuple[str, ...]) -> list[str]:
    """Return every form of some terms in folded words, with a `*` where the last may go on."""
    return sorted(
        {
            " ".join(pattern.folded.split()) + "*" * pattern.open_ended
            for term in terms
            for pattern in patterns_of(term)
        }
    )


def _terms(leaf: q.Term | q.Lexicon, rules: RuleSet) -> tuple[str, ...]:
    if isinstance(leaf, q.Term):
        return (leaf.text,)
    if leaf.name not in rules.lexicons:
        raise QueryError(f"there is no lexicon @{leaf.name}", 1, 1)
    return rules.lexicons[leaf.name]


def _add(vocabulary: Vocabulary, term: str, bits: int) -> None:
    try:
        vocabulary.add(term, bits)
    except TermError as e:
        raise QueryError(str(e), 1, 1) from e
