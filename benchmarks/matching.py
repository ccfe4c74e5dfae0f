"""Matching: what the default rules cost per article, beside plain regular expressions and FTS5.

    python benchmarks/matching.py [--runs N]

Articles of 5,000 characters are written from the sentences below, with words about Russia in
every sentence, in every tenth, in every twentieth or in none. The realistic ones are made of the
labelled set: each of its texts among sentences about something else, and as many of its texts one
after the other as fill an article. All figures are medians of one core in milliseconds; of the
realistic articles `re` and FTS5 are given every twentieth. `re` and FTS5 look for the same forms and do no more than that: no sentences, rules or countries.
"""

from __future__ import annotations

import argparse
import itertools
import json
import re
import sqlite3
import statistics
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import attrs

from pipelines.flag import flag_text
from pipelines.matching.ruleset import RuleSet, compile_sources, load_rules
from pipelines.matching.term import patterns_of
from storage.folding import fold_text, fold_words

LENGTH = 5_000
LABELLED = Path(__file__).parent / "flagging" / "labelled.jsonl"
PRESS = Path(__file__).parents[2] / "shared/data/text/mafand_fr_sentences.tsv"
"""Sentences of the real press in their order; without the file its two rows are left out."""
NAMES_RUSSIA = re.compile(r"\b(?:russ|moscou|poutine|kremlin)", re.IGNORECASE)
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


@attrs.frozen
class Written:
    """An article, and the country of its outlet."""

    title: str
    text: str
    outlet: str | None


def article(every: int) -> Written:
    """Return an article of which one sentence in so many is about Russia (0: none)."""
    sentences: list[str] = []
    while sum(map(len, sentences)) + len(sentences) < LENGTH:
        number = len(sentences)
        russian = every and number % every == 0
        source = RUSSIAN if russian else OTHER
        sentences.append(source[number // (every or 1) % len(source) if russian else number % 9])
    lines = [" ".join(sentences[start : start + 4]) for start in range(0, len(sentences), 4)]
    return Written("Titre", "\n".join(lines)[:LENGTH], "ML")


def one_among_others() -> list[Written]:
    """Return the labelled articles, each filled up with what is not about Russia."""
    filler = article(0).text
    return [
        Written(row["title"], f"{row['text']}\n{filler}"[:LENGTH], row["outlet_country"])
        for row in labelled()
    ]


def one_after_the_other() -> list[Written]:
    """Return the labelled articles, each filled up with those that come after it."""
    rows = labelled()
    written = []
    for number, row in enumerate(rows):
        text = row["text"]
        for other in itertools.cycle(rows[number + 1 :] + rows[: number + 1]):
            if len(text) >= LENGTH:
                break
            text += f"\n{other['title']}\n{other['text']}"
        written.append(Written(row["title"], text[:LENGTH], row["outlet_country"]))
    return written


def of_the_press() -> list[Written]:
    """Return the real press, cut into articles of full length; none where it is not at hand."""
    if not PRESS.exists():
        return []
    lines = PRESS.read_text(encoding="utf-8").splitlines()[1:]
    text = "\n".join(line.rpartition("\t")[2] for line in lines)
    starts = range(0, len(text) - LENGTH, LENGTH)
    return [Written("Titre", text[start : start + LENGTH], "ML") for start in starts]


def labelled() -> list[dict[str, str]]:
    """Return the rows of the labelled set."""
    return [json.loads(line) for line in LABELLED.read_text(encoding="utf-8").splitlines()]


def median(call: Callable[[], object], runs: int) -> float:
    """Return the median time a call keeps a core busy, in milliseconds."""
    call()
    times = []
    for _ in range(runs):
        started = time.process_time()
        call()
        times.append(time.process_time() - started)
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


def row(articles: list[Written], runs: int, ways: list[Callable[[Written], object]]) -> str:
    """Return the cells of a row: the median of each way over all articles, and its ratio."""
    times = []
    for number, way in enumerate(ways):
        ours = number < 2
        given = articles if ours else articles[::20]
        each = max(3, runs // len(given)) if ours else max(1, 5 // len(given))
        times.append(statistics.median(median(partial(way, one), each) for one in given))
    return " | ".join(f"{one:.2f} ({one / times[0]:.1f})" for one in times)


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
    ways: list[Callable[[Written], object]] = [
        lambda one: flag_text(one.title, None, one.text, rules, one.outlet),
        lambda one: flag_text(one.title, None, one.text, more, one.outlet),
        lambda one: alternation.findall(fold_words(one.text).text),
        lambda one: search(fold_text(one.text)),
    ]
    press = of_the_press()
    naming = [one for one in press if NAMES_RUSSIA.search(one.text)]
    for label, articles in {
        "the real press": press,
        "the real press, where it names Russia": naming,
        "no word of Russia": [article(0)],
        "a labelled one among others": one_among_others(),
        "every 20th sentence": [article(20)],
        "every 10th sentence": [article(10)],
        "labelled ones in a row": one_after_the_other(),
        "every one": [article(1)],
    }.items():
        if articles:
            print(f"| {label} | {row(articles, runs, ways)} |")


if __name__ == "__main__":
    main()
