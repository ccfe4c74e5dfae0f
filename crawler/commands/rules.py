"""Rules: the rule set and its own tests."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from crawler.commands.agreement import report_as_dict, show_report
from crawler.commands.context import Context, pass_context
from crawler.commands.output import echo_json, echo_table, json_option
from storage.files import replacing

rules_option = click.option(
    "--rules",
    "path",
    type=click.Path(path_type=Path, exists=True),
    help="A rule file or folder instead of the shipped one.",
)


@click.group()
def command() -> None:
    """Look at the rule set and test it."""


@command.command("list")
@rules_option
@json_option
@pass_context
def list_rules(context: Context, path: Path | None, *, as_json: bool) -> None:
    """List the rules with their themes and strengths."""
    rules = context.rules(path)
    rows = [
        {"id": rule.id, "theme": rule.theme, "strength": rule.strength, "query": rule.query.text}
        for rule in rules.rules
    ]
    if as_json:
        echo_json({"rule_set": rules.digest, "rules": rows})
        return
    for row in rows:
        row["query"] = " ".join(str(row["query"]).split())
    echo_table(rows, ["id", "theme", "strength", "query"])
    terms = sum(map(len, rules.lexicons.values()))
    click.echo(f"\n{len(rows)} rules, {terms} terms, rule set {rules.digest[:12]}")


@command.command("score")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@rules_option
@click.option("--borderline", is_flag=True, help="Count borderline rows too.")
@click.option(
    "--predictions",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write what the rules say of each row, as JSON Lines.",
)
@json_option
@pass_context
def score_rules(
    context: Context,
    /,
    file: Path,
    *,
    path: Path | None,
    borderline: bool,
    predictions: Path | None,
    as_json: bool,
) -> None:
    """Compare the rules with labelled articles.

    FILE is JSON Lines; unlabelled articles are judged and not compared. Labelled rows have id,
    title, text, outlet_country, flag, themes, countries, borderline.
    """
    from pipelines.scoring import predict, prediction, read_articles, score

    judged = list(predict(read_articles(file), context.rules(path)))
    if predictions is not None:
        lines = (json.dumps(prediction(a, f), ensure_ascii=False) for a, f in judged)
        with replacing(predictions) as part:
            part.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    report = score(judged, include_borderline=borderline)
    if as_json:
        echo_json(report_as_dict(report))
    elif report.rows:
        show_report(report)
    else:
        click.echo(f"{len(judged)} articles judged, none of them labelled")


@command.command("test")
@rules_option
@json_option
@pass_context
def test_rules(context: Context, path: Path | None, *, as_json: bool) -> None:
    """Run the rules' own examples.

    Each rule says what it flags and what it ignores; exits 1 when an example fails.
    """
    from pipelines.matching.examples import run_examples

    rules = context.rules(path)
    failures = run_examples(rules)
    total = sum(len(rule.flags) + len(rule.ignores) for rule in rules.rules)
    if as_json:
        echo_json({"examples": total, "failures": [str(failure) for failure in failures]})
    else:
        for failure in failures:
            click.echo(str(failure))
        click.echo(f"{total - len(failures)} of {total} examples hold")
    sys.exit(1 if failures else 0)
