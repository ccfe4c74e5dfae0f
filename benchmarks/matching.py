"""Matching: what the default rules cost per article, beside plain regular expressions and FTS5.

    python benchmarks/matching.py [--runs N]

Articles of 5,000 characters are written from the sentences below, with words about Russia in
every sentence, in every tenth or in none; all figures are medians of one core in milliseconds.
`re` and FTS5 look for the same forms and do no more than that: no sentences, rules or countries.
"""

from __future__ import annotations

import argparse
import re
import sqlite3
import statistics
import time
from collections.abc import Callable

from pipelines.flag import flag_text
from pipelines.matching.ruleset import RuleSet, compile_sources, load_rules
from pipelines.matching.term import patterns_of
from storage.folding import fold_text, fold_words

LENGTH = 5_000
RUSSIAN = (
    "Le ministre malien de la Défense a signé à Moscou un accord de coopération militaire.",
    "Des instructeurs russes forment depuis mars deux bataillons à Bamako, selon l’état-major.",
    "L’ambassadeur de Russie a remis cinquante bourses d’études à des étudiants burkinabè.",
)
OTHER = (
    "La campagne cotonnière s’annonce bonne dans le cercle de Sikasso, où il a plu à temps.",
    "Le conseil des ministres a adopté un projet de loi sur la décentralisation des communes.",
    "« Nous attendons l’eau depuis dix ans », explique Mme Coulibaly, vendeuse au marché.",
    "Le prix du sac de riz a reculé de 500 francs, d’après l’observatoire du commerce.",
    "M. Diallo, directeur de l’école, a salué l’effort des parents et de la mairie.",
    "Les Aigles affronteront la sélection ivoirienne samedi au stade du 26-Mars.",
    "L’hôpital régional dispose désormais d’un scanner, financé par le budget de l’État.",
    "Une délégation de la CEDEAO séjourne dans la capitale jusqu’à vendredi soir.",
    "La route nationale sera bitumée sur 84 km avant la fin de l’année, a-t-on appris.",
)


def article(every: int) -> str:
    """Return an article of which one sentence in so many is about Russia (0: none)."""
    sentences: list[str] = []
    while sum(map(len, sentences)) + len(sentences) < LENGTH:
        number = len(sentences)
        russian = every and number % every == 0
        source = RUSSIAN if russian else OTHER
        sentences.append(source[number // (every or 1) % len(source) if russian else number % 9])
    lines = [" ".join(sentences[start : start + 4]) for start in range(0, len(sentences), 4)]
    return "\n".join(lines)[:LENGTH]


def median(call: Callable[[], object], runs: int) -> float:
    """Return the median time of a call in milliseconds."""
    call()
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        call()
        times.append(time.perf_counter() - started)
    return statistics.median(times) * 1_000


def tenfold(rules: RuleSet) -> RuleSet:
    """Return the rules with ten times the forms, the new ones made of the letters of the old."""
    terms = sorted({term for terms in rules.lexicons.values() for term in terms})
    stems = [term.strip("=*+") for term in terms]
    # Nine times the forms we have, two (singular and plural) for each made word.
    wanted = 9 * len(forms(rules)) // 2
    endings = ("aque", "ible", "oir", "ude", "isme", "oque", "ette", "ure", "ance", "iste")
    made = [f"{stem}{end}" for end in endings for stem in stems][:wanted]
    listed = ", ".join(f'"{word}+"' for word in made)
    return compile_sources(
        (*rules.sources, ("zz_filler.toml", f"[lexicon.filler]\nterms = [{listed}]\n"))
    )


def forms(rules: RuleSet) -> list[str]:
    """Return all forms of all terms of a rule set, folded."""
    terms = {term for terms in rules.lexicons.values() for term in terms}
    return sorted({one.folded for term in terms for one in patterns_of(term)})


def expression(found: list[str]) -> re.Pattern[str]:
    """Return the plain alternation of all forms, the longest first."""
    ordered = sorted(found, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, ordered))})\b")


def full_text(found: list[str]) -> Callable[[str], object]:
    """Return a search of one article for all forms by SQLite's full-text index, in memory."""
    connection = sqlite3.connect(":memory:")
    connection.execute("create virtual table article using fts5(text)")
    queries = [
        " OR ".join(f'"{form}"' for form in found[start : start + 400])
        for start in range(0, len(found), 400)
    ]

    def search(text: str) -> list[int]:
        connection.execute("delete from article")
        connection.execute("insert into article values (?)", (text,))
        select = "select count(*) from article where article match ?"
        return [connection.execute(select, (query,)).fetchone()[0] for query in queries]

    return search


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=101)
    runs = parser.parse_args().runs
    rules = load_rules()
    more = tenfold(rules)
    found = forms(rules)
    alternation, search = expression(found), full_text(found)
    print(f"{len(rules.rules)} rules, {rules.engine.automaton.size} forms; tenfold: ", end="")
    print(f"{more.engine.automaton.size} forms; medians of {runs} runs, ms (ratio to our rules)\n")
    print("| article | our rules | 10 × the terms | `re` alternation | FTS5 |")
    print("|---|---|---|---|---|")
    for label, every in (("no word of Russia", 0), ("every 10th sentence", 10), ("every one", 1)):
        text = article(every)
        words = fold_words(text).text
        calls: list[Callable[[], object]] = [
            lambda text=text: flag_text("Titre", None, text, rules, "ML"),
            lambda text=text: flag_text("Titre", None, text, more, "ML"),
            lambda words=words: alternation.findall(words),
            lambda text=text: search(fold_text(text)),
        ]
        times = [median(call, runs if number < 2 else 5) for number, call in enumerate(calls)]
        cells = [f"{one:.2f} ({one / times[0]:.1f})" for one in times]
        print(f"| {label} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
