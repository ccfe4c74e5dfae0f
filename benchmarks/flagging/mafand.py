"""Mafand: what the shipped rules do on real sentences of the francophone African press.

Prints precision and recall on 160 labelled sentences (R has to be flagged; N, P, F and S must
not; A is borderline and left out), the misses with their reasons, and every sentence that is
flagged out of 33,179. The sentences stand alone here, without the article around them.

    .venv/bin/python -m benchmarks.flagging.mafand
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from pathlib import Path

import attrs

from pipelines.flag import flag_text
from pipelines.matching.ruleset import RuleSet, load_rules
from storage.records import Flag

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "text"
LABELLED = DATA / "russia_africa_mafand_labelled.tsv"
SENTENCES = DATA / "mafand_fr_sentences.tsv"

COUNTRIES = {"fr-bam": "ML", "fr-ewe": "TG", "fr-fon": "BJ", "fr-mos": "BF", "fr-wol": "SN"}
"""Where the outlets of a language pair are; the other pairs are taken as unknown."""


@attrs.frozen
class Sentence:
    """A sentence and the answer expected of the rules, None where nobody labelled it."""

    origin: str
    text: str
    label: str | None = None

    @property
    def outlet(self) -> str | None:
        """The country of the outlet."""
        return COUNTRIES.get(self.origin.partition("/")[0])


def main() -> int:
    """Print the measurements, or say that the data is absent."""
    if not LABELLED.exists() or not SENTENCES.exists():
        write(f"skipped: {LABELLED.name} and {SENTENCES.name} are not in {DATA}")
        return 0
    rules = load_rules()
    labelled = list(read_labelled())
    report_labelled("the outlet's country unknown", labelled, rules, known_outlet=False)
    report_labelled("the outlet's country known", labelled, rules, known_outlet=True)
    report_flagged({one.origin: one.label for one in labelled}, rules)
    return 0


def read_labelled() -> Iterator[Sentence]:
    """Read the labelled sentences."""
    for row in rows(LABELLED):
        yield Sentence(row["source_id"], row["text"], row["label"])


def read_all() -> Iterator[Sentence]:
    """Read all sentences."""
    for row in rows(SENTENCES):
        yield Sentence(f"{row['pair']}/{row['split']}/{row['line']}", row["sentence_fr"])


def rows(path: Path) -> Iterator[dict[str, str]]:
    """Read a table whose first line names its columns."""
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)


def report_labelled(
    setting: str, sentences: list[Sentence], rules: RuleSet, *, known_outlet: bool
) -> None:
    """Print precision and recall on the labelled sentences, and what went wrong."""
    decided = [one for one in sentences if one.label != "A"]
    judged = [(one, judge(one, rules, known_outlet=known_outlet)) for one in decided]
    right = sum(flag.flagged for one, flag in judged if one.label == "R")
    flagged = sum(flag.flagged for _, flag in judged)
    wanted = sum(one.label == "R" for one in decided)
    write(f"\n## {len(decided)} labelled sentences, {setting}\n")
    write(f"precision {right}/{flagged} = {right / max(1, flagged):.3f}")
    write(f"recall    {right}/{wanted} = {right / max(1, wanted):.3f}")
    for one, flag in judged:
        if flag.flagged != (one.label == "R"):
            kind = "missed" if one.label == "R" else f"wrong ({one.label})"
            write(f"- {kind}, {reason(flag)}: {one.text}")


def report_flagged(labels: dict[str, str | None], rules: RuleSet) -> None:
    """Print every sentence that is flagged, with its label where it has one."""
    write("\n## Flagged out of all sentences\n")
    count = flagged = 0
    for one in read_all():
        count += 1
        flag = judge(one, rules, known_outlet=True)
        if flag.flagged:
            flagged += 1
            write(f"- {labels.get(one.origin, 'unlabelled')}, {reason(flag)}: {one.text}")
    write(f"\n{flagged} of {count} sentences")


def judge(sentence: Sentence, rules: RuleSet, *, known_outlet: bool) -> Flag:
    """Flag a sentence as if it were an article."""
    return flag_text("", None, sentence.text, rules, sentence.outlet if known_outlet else None)


def reason(flag: Flag) -> str:
    """Say which rules fired, and the score."""
    counting = {match.rule for match in flag.matches if match.masked is None}
    masked = {match.rule for match in flag.matches if match.masked is not None}
    fired = ", ".join(sorted(counting)) or "no rule fired"
    return f"score {flag.score} ({fired}{'; ' + ', '.join(sorted(masked)) if masked else ''})"


def write(line: str) -> None:
    """Print a line of the report."""
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
