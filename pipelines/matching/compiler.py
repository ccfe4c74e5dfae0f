"""Compiler: rule files become one automaton and plans over the bits of its hits."""

from __future__ import annotations

from collections.abc import Mapping

from pipelines.matching.automaton import Automaton, Place, Vocabulary
from pipelines.matching.engine import Bits, Context, Engine, Rule
from pipelines.matching.errors import QueryError, RuleError, TermError
from pipelines.matching.hits import union
from pipelines.matching.lexicons import expanded
from pipelines.matching.persons import Persons
from pipelines.matching.planner import Planner
from pipelines.matching.query import Lexicon, Term, parse_query, terms_of
from pipelines.matching.schema import ContextEntry, RuleEntry, RuleFile, ScoreEntry, StateEntry
from storage.records import THEMES

BUILT_IN = ("africa", "state", "elsewhere")
"""Lexicons that the gazetteer gives: states, shared names and groups; the first two; the rest."""
RUSSIA = "russia"
"""The lexicon that says which words name Russia; enumerations that hold one count less."""
RUSSIAN_HEADLINE = "headline_russia"
"""The lexicon of what a headline about the subject names."""
DOMAINS = "domains"
"""The lexicon that announces what a cooperation covers; a theme named beside it needs no more."""
STATUS = "status_"
"""Lexicons with this prefix name a status of the cooperation, weakest first in the ladder."""


def compile_files(files: Mapping[str, RuleFile]) -> Engine:
    """Compile the files of a rule set, by name; raise `RuleError`."""
    return _Compiler(files).compiled()


class _Compiler:
    def __init__(self, files: Mapping[str, RuleFile]) -> None:
        self._files = files
        self._vocabulary = Vocabulary()
        self._bits: dict[str, int] = {}
        self._leaves: dict[Term | Lexicon, int] = {}
        self._planner = Planner(self._leaves.__getitem__)
        self._lexicons = expanded(files, BUILT_IN)
        for name in BUILT_IN:
            self._bit(f"@{name}")

    def compiled(self) -> Engine:
        names = self._gazetteer()
        for name, terms in self._lexicons.items():
            self._add_all(f"lexicon {name}", terms, self._bit(f"@{name}"))
        masks, lines = self._masks()
        contexts = tuple(
            self._context(name, entry)
            for name, file in self._files.items()
            for entry in file.context
        )
        rules = self._rules()
        return Engine(
            automaton=Automaton(self._vocabulary),
            rules=rules,
            contexts=contexts,
            bits=self._special(masks, lines),
            score=self._score(),
            lexicons=self._lexicons | self._built_in(),
            names=names,
        )

    def _bit(self, subject: str) -> int:
        return self._bits.setdefault(subject, 1 << len(self._bits))

    def _themes(self) -> dict[str, tuple[int, int]]:
        return {
            theme: (self._bits[f"@t_{theme}"], self._bits.get(f"@w_{theme}", 0))
            for theme in THEMES
            if f"@t_{theme}" in self._bits
        }

    def _special(self, masks: dict[int, str], lines: dict[int, str]) -> Bits:
        themes, persons = self._themes(), self._persons()
        any_theme = union(bit for pair in themes.values() for bit in pair)
        return Bits(
            state=self._bits["@state"],
            africa=self._bits["@africa"],
            elsewhere=self._bits["@elsewhere"],
            russia=self._bits.get(f"@{RUSSIA}", 0),
            russian_headline=self._bits.get(f"@{RUSSIAN_HEADLINE}", 0),
            masks=masks,
            lines=lines,
            statuses={
                bit: subject.removeprefix(f"@{STATUS}")
                for subject, bit in self._bits.items()
                if subject.startswith(f"@{STATUS}")
            },
            themes=themes,
            any_theme=any_theme,
            silences={
                union(pair) | self._bits.get(f"@n_{theme}", 0): union(pair)
                for theme, pair in themes.items()
            },
            telling=any_theme | union(self._bits.get(f"@n_{theme}", 0) for theme in themes),
            domains=self._bits.get(f"@{DOMAINS}", 0),
            any_mask=sum(masks) + sum(lines),
            persons=persons,
            any_person=union(one.subject for one in persons.values()),
            any_place=self._bits["@africa"] | self._bits["@state"] | self._bits["@elsewhere"],
        )

    def _persons(self) -> dict[str, Persons]:
        return {
            entry.name: Persons(entry.surnames, entry.nicknames, self._bits[f"person:{entry.name}"])
            for file in self._files.values()
            for entry in file.mask
            if entry.names
        }

    def _add(self, where: str, term: str, bits: int, place: Place | None = None) -> None:
        try:
            self._vocabulary.add(term, bits, place)
        except TermError as error:
            raise RuleError(f"{where}: {error}") from error

    def _add_all(self, where: str, terms: tuple[str, ...] | list[str], bits: int) -> None:
        for term in terms:
            self._add(where, term, bits)

    def _gazetteer(self) -> dict[str, str]:
        state = self._bits["@state"] | self._bits["@africa"]
        names: dict[str, str] = {}
        for name, file in self._files.items():
            for one in file.state:
                if one.code in names:
                    raise RuleError(f"{name}: {one.code}: this state is already in the gazetteer")
                names[one.code] = one.name
                self._state(f"{name}: {one.code}", one, state)
            for shared in file.shared:
                place = Place("shared", tuple(shared.codes))
                self._place(f"{name}: shared", shared.terms, state, place)
            for group in file.group:
                place = Place("group", tuple(group.codes))
                self._place(f"{name}: {group.name}", group.terms, self._bits["@africa"], place)
            for none in file.not_place:
                self._place(f"{name}: not_place", none.terms, 0, Place("not_place"))
            for other in file.elsewhere:
                place = Place("elsewhere")
                self._place(f"{name}: elsewhere", other.terms, self._bits["@elsewhere"], place)
        return names

    def _built_in(self) -> dict[str, tuple[str, ...]]:
        """Return the terms of the lexicons that the gazetteer gives."""
        terms: dict[str, list[str]] = {name: [] for name in BUILT_IN}
        for file in self._files.values():
            states = [term for one in file.state for term in one.terms]
            states += [term for shared in file.shared for term in shared.terms]
            terms["state"] += states
            terms["africa"] += states + [term for group in file.group for term in group.terms]
            terms["elsewhere"] += [term for other in file.elsewhere for term in other.terms]
        return {name: tuple(dict.fromkeys(found)) for name, found in terms.items()}

    def _place(self, where: str, terms: list[str], bits: int, place: Place) -> None:
        for term in terms:
            self._add(where, term, bits, place)

    def _state(self, where: str, entry: StateEntry, bits: int) -> None:
        for by, terms in entry.spoken.items():
            self._place(where, terms, bits, Place("state", (entry.code,), by))

    def _masks(self) -> tuple[dict[int, str], dict[int, str]]:
        masks: dict[int, str] = {}
        lines: dict[int, str] = {}
        for name, file in self._files.items():
            for entry in file.mask:
                where = f"{name}: mask {entry.name}"
                if entry.terms:
                    bit = self._bit(f"mask:{entry.name}")
                    masks[bit] = entry.name
                    self._add_all(where, entry.phrases, bit)
                if entry.line_starts:
                    bit = self._bit(f"line:{entry.name}")
                    lines[bit] = entry.name
                    self._add_all(where, entry.line_starts, bit)
                if entry.names:
                    self._add_all(where, entry.names, self._bit(f"person:{entry.name}"))
        return masks, lines

    def _context(self, file: str, entry: ContextEntry) -> Context:
        bit = self._bit(f"context:{entry.name}")
        where = f"{file}: context {entry.name}"
        terms = [term for term in entry.terms if not term.startswith("@")]
        self._add_all(where, terms, bit)
        for term in entry.terms:
            if term.startswith("@"):
                bit |= self._lexicon_bit(where, term[1:])
        return Context(entry.name, bit, entry.points)

    def _rules(self) -> tuple[Rule, ...]:
        rules: dict[str, Rule] = {}
        for name, file in self._files.items():
            for entry in file.rule:
                if entry.id in rules:
                    raise RuleError(f"{name}: {entry.id}: another rule has this id")
                rules[entry.id] = self._rule(f"{name}: {entry.id}", entry)
        return tuple(rules.values())

    def _rule(self, where: str, entry: RuleEntry) -> Rule:
        try:
            query = parse_query(entry.query)
        except QueryError as error:
            raise RuleError(f"{where}: {error}") from error
        for leaf in terms_of(query):
            self._leaves[leaf] = self._leaf(where, leaf)
        plan = self._planner.plan(query.root)
        return Rule(
            id=entry.id,
            theme=entry.theme,
            strength=entry.strength,
            tells_theme=entry.strength > 0 or entry.tells_theme,
            names_partners=entry.names_partners,
            query=query,
            plan=plan,
            anchors=union(needs[0] for needs in plan.promise),
            in_africa=entry.setting == "africa",
            flags=tuple(entry.flags),
            ignores=tuple(entry.ignores),
            example_outlet=entry.example_outlet,
        )

    def _leaf(self, where: str, leaf: Term | Lexicon) -> int:
        if isinstance(leaf, Lexicon):
            return self._lexicon_bit(where, leaf.name)
        bit = self._bit(f"term:{leaf.text}")
        self._add(where, leaf.text, bit)
        return bit

    def _lexicon_bit(self, where: str, name: str) -> int:
        if f"@{name}" not in self._bits:
            raise RuleError(f"{where}: there is no lexicon @{name}")
        return self._bits[f"@{name}"]

    def _score(self) -> ScoreEntry:
        given = [file.score for file in self._files.values() if file.score is not None]
        if len(given) > 1:
            raise RuleError("[score] is given in more than one file")
        return given[0] if given else ScoreEntry()
