"""Explained: a flag as people and programs read it, every match in its sentence."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

import attrs
import click

from storage.records import Flag, Match

COLOURS = {
    "military": "red",
    "nuclear": "magenta",
    "energy": "magenta",
    "diplomacy": "blue",
    "humanitarian": "cyan",
    "food": "cyan",
    "health": "cyan",
}
"""Colours of themes on a terminal; the others are yellow, masked matches grey."""


@attrs.frozen(kw_only=True)
class Explained:
    """A flag with the texts that its offsets point into."""

    fields: dict[str, str]
    """Texts by field: title, lead, text."""
    flag: Flag


def flag_as_dict(explained: Explained) -> dict[str, object]:
    """Return the flag as plain data, each match with its sentence."""
    flag = explained.flag
    return attrs.asdict(flag, recurse=False) | {
        "matches": [
            match._asdict() | {"sentence": _sentence(explained, match)} for match in flag.matches
        ],
        "mentions": [mention._asdict() for mention in flag.mentions],
        "arithmetic": [{"label": label, "points": points} for label, points in flag.arithmetic],
    }


def show(explained: Explained) -> None:
    """Print a flag: verdict, arithmetic, countries, and each sentence with its matches."""
    flag = explained.flag
    verdict = "flagged" if flag.flagged else "not flagged"
    click.secho(f"{verdict}, score {flag.score}", bold=True, fg="green" if flag.flagged else None)
    if explained.fields["title"]:
        click.echo(f"  {'title':10} {explained.fields['title']}")
    click.echo(f"  rule set   {flag.rule_set[:12]}")
    for label, values in (
        ("themes", flag.themes),
        ("countries", flag.countries),
        ("mentioned", flag.mentioned),
        ("undecided", flag.undecided),
    ):
        if values:
            click.echo(f"  {label:10} {' '.join(values)}")
    if flag.status:
        click.echo(f"  {'status':10} {flag.status} (« {flag.status_words} »)")
    for label, points in flag.arithmetic:
        click.echo(f"  {points:+7.1f}    {label}")
    if all(match.masked is not None for match in flag.matches):
        click.echo("  no rule fired")
    _show_countries(explained)
    _show_matches(explained)


def _show_countries(explained: Explained) -> None:
    mentions = sorted(explained.flag.mentions, key=lambda m: (not m.partner, m.codes))
    for (partner, codes), group in groupby(mentions, key=lambda m: (m.partner, m.codes)):
        words = sorted({mention.words for mention in group})
        role = "partner" if partner else "mentioned"
        click.echo(f"  {'|'.join(codes):10} {role}: {', '.join(words)}")


def _show_matches(explained: Explained) -> None:
    ordered = sorted(
        explained.flag.matches,
        key=lambda m: (("title", "lead", "text").index(m.field), m.sentence_start, m.start),
    )
    for (field, _), group in groupby(ordered, key=lambda m: (m.field, m.sentence_start)):
        matches = list(group)
        rules = sorted({m.rule for m in matches})
        click.secho(f"\n{field}  {', '.join(rules)}", dim=True)
        click.echo(f"  {_highlighted(explained.fields[field], matches)}")


def _highlighted(text: str, matches: Iterable[Match]) -> str:
    """Return the sentence of some matches with each of them marked; overlaps are marked once."""
    matches = list(matches)
    position, pieces = matches[0].sentence_start, []
    for match in sorted(matches, key=lambda m: (m.start, -m.end)):
        if match.start < position:
            continue
        pieces += [text[position : match.start], _marked(match)]
        position = match.end
    return "".join([*pieces, text[position : matches[0].sentence_end]])


def _marked(match: Match) -> str:
    if match.masked:
        return click.style(f"({match.words})", dim=True)
    return click.style(f"[{match.words}]", bold=True, fg=COLOURS.get(match.theme or "", "yellow"))


def _sentence(explained: Explained, match: Match) -> str:
    return explained.fields[match.field][match.sentence_start : match.sentence_end]
