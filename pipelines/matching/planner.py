"""Planner: the tree of a query becomes nodes that evaluate it on bits and hits."""

from __future__ import annotations

from collections.abc import Callable

from pipelines.matching import evaluate as e
from pipelines.matching import query as q
from pipelines.matching import units as u
from pipelines.matching.document import FIELDS
from pipelines.matching.hits import union
from pipelines.matching.plan import Plan, Promise

_MOST_ALTERNATIVES = 24
"""A promise with more alternatives is made coarser: looking at it would cost more than it saves."""


class Planner:
    """Compiles queries; what several of them have in common becomes one node."""

    def __init__(self, bits_of: Callable[[q.Term | q.Lexicon], int]) -> None:
        self._bits_of = bits_of
        """Gives the bits of a term or a lexicon."""
        self._known: dict[q.Node, Plan] = {}

    def plan(self, node: q.Node) -> Plan:
        """Return the compiled node."""
        known = self._known.get(node)
        if known is None:
            known = self._compiled(node)
            self._known[node] = known
        return known

    def _compiled(self, node: q.Node) -> Plan:
        if isinstance(node, q.Term | q.Lexicon):
            bits = self._bits_of(node)
            return e.Leaf(bits, ((bits,),))
        parts = tuple(map(self.plan, q.children(node)))
        if isinstance(node, q.And):
            return _both(parts)
        if isinstance(node, q.Or):
            return _either(parts)
        return _pair(node, *parts) if len(parts) == 2 else _unit(node, parts[0])


def _both(parts: tuple[Plan, ...]) -> Plan:
    promise = _together([part.promise for part in parts])
    leaves = [part.bits for part in parts if isinstance(part, e.Leaf)]
    if len(leaves) == len(parts):
        return e.AllLeaves(union(leaves), promise)
    return e.All(parts, promise)


def _together(promises: list[Promise]) -> Promise:
    """Return the promise to keep all promises."""
    together: Promise = ((),)
    for promise in promises:
        if len(together) * len(promise) > _MOST_ALTERNATIVES:
            promise = _coarse(promise)  # noqa: PLW2901  # the same promise, less exact
        together = tuple(tuple(dict.fromkeys(some + more)) for some in together for more in promise)
    return together


def _coarse(promise: Promise) -> Promise:
    """Return one alternative that all alternatives imply."""
    return ((union(needs[0] for needs in promise),),)


def _either(parts: tuple[Plan, ...]) -> Plan:
    promise = tuple(dict.fromkeys(needs for part in parts for needs in part.promise))
    words = union(needs[0] for needs in promise if len(needs) == 1)
    rest = tuple(needs for needs in promise if len(needs) > 1)
    promise = ((words,), *rest) if words else rest
    leaves = [part.bits for part in parts if isinstance(part, e.Leaf)]
    if leaves:
        others = tuple(part for part in parts if not isinstance(part, e.Leaf))
        parts = (e.Leaf(union(leaves), ((union(leaves),),)), *others)
    if len(parts) == 1:
        return parts[0]
    return e.Any(parts, promise if len(promise) <= _MOST_ALTERNATIVES else _coarse(promise))


def _pair(node: q.Node, left: Plan, right: Plan) -> Plan:
    match node:
        case q.Not():
            return e.Unmasked(left, right, left.promise)
        case q.NoArticle():
            return e.UnlessArticle(left, right, left.promise)
        case q.NoSentence():
            return e.UnlessUnit(left, right, left.promise)
        case q.Near(distance=distance):
            return e.Near(left, right, distance, _together([left.promise, right.promise]))
    raise TypeError(f"{type(node).__name__} joins no two parts")


def _unit(node: q.Node, body: Plan) -> Plan:
    match node:
        case q.Sentence(count=count):
            return _runs(body, count) if count > 1 else _sentences(body)
        case q.Paragraph():
            return u.Paragraphs(body, body.promise)
        case q.AtLeast(count=count):
            return u.AtLeast(body, count, body.promise)
        case q.Field(name):
            return u.Field(body, FIELDS.index(name), body.promise)
    raise TypeError(f"{type(node).__name__} is no unit")


def _sentences(body: Plan) -> Plan:
    """Return a unit that looks at what bars a sentence first, where that is words alone."""
    if isinstance(body, e.UnlessUnit) and isinstance(body.vetoing, e.Leaf):
        return u.Sentences(body.wanted, body.vetoing.bits, body.promise)
    return u.Sentences(body, 0, body.promise)


def _runs(body: Plan, count: int) -> Plan:
    parts = body.parts if isinstance(body, e.All) else ()
    local = tuple(part for part in parts if isinstance(part, e.Leaf | u.Sentences))
    if local and len(local) == len(parts):
        return u.RunsOfAll(local, count, body.promise)
    return u.Runs(body, count, body.promise)
