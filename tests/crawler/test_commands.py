"""The command: wrong input is one clear line, an exit code of the contract, and nothing written."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SEED = Path(__file__).parents[2].parent / "shared" / "data" / "seed"
ENTRY = '[[source]]\nslug = "un"\nname = "Un"\ncountry = "ML"\nurl = "http://127.0.0.1:9/"\n'
NEWS = (
    "Mali : la Russie livre des hélicoptères\n\n"
    "Le ministre malien de la Défense a réceptionné jeudi à Bamako quatre hélicoptères livrés"
    " par la Russie dans le cadre de la coopération militaire entre les deux pays."
)


def only(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["crawl", "nosuch"], 2, "no source is called 'nosuch'"),
        (["crawl", "--country", "XX"], 2, "no source of country 'XX'"),
        (["crawl", "--since", "soon"], 2, "'soon' is not a duration"),
        (["crawl", "--sources", "typo.toml"], 2, "un: spider 'fedd' is not one of feed"),
        (["crawl", "--sources", "missing.toml"], 2, "missing.toml: cannot be read"),
        (["crawl", "--sources", "empty"], 2, "no .toml file in this folder"),
        (["rules", "test", "--rules", "rules.toml"], 2, "(line 1, column"),
        (["explain", "--rules", "rules.toml", "-"], 2, "(line 1, column"),
        (["ingest", "empty"], 2, "empty: no .html, .warc, .warc.gz, .warc.zst or .wacz file in it"),
        (["explain", "nothing-there"], 2, "is no address, article number or file"),
        (
            ["--db", "page.html", "crawl", "--sources", "good.toml"],
            3,
            "cannot be used as an archive",
        ),
        (["--db", "page.html", "status"], 3, "cannot be used as an archive"),
        (["--db", "missing.db", "search", "Mali"], 3, "no such archive"),
        (["--db", "no/where.db", "crawl", "--sources", "good.toml"], 3, "no/where.db"),
        (["--config", "bad.toml", "status"], 2, "bad.toml: fetch.delais: Extra inputs"),
        (["--config", "rude.toml", "status"], 2, "delay below 1 second"),
        (["search", "Mali Russie"], 2, "is missing before 'Russie' (line 1, column 6)"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_wrong_input_is_told_in_one_line_and_nothing_is_written(
    vigie, arguments: list[str], code: int, message: str
) -> None:
    folder = vigie.folder
    (folder / "empty").mkdir()
    for name, text in {
        "typo.toml": ENTRY + 'spider = "fedd"\n',
        "good.toml": ENTRY,
        "rules.toml": '[[rule]]\nid = "x"\nquery = "SENTENCE(russe AND"\n',
        "page.html": "<html>" + "not an archive " * 400,
        "bad.toml": "[fetch]\ndelais = 3\n",
        "rude.toml": "[fetch]\ndelay = 0.1\n",
    }.items():
        (folder / name).write_text(text, encoding="utf-8")
    before = only(folder)

    done = vigie(*arguments)

    assert (done.returncode, message in done.stderr) == (code, True), done.stderr
    assert "Traceback" not in done.stderr
    leftovers = {name for name in only(folder) if name not in before and not name.endswith(".lock")}
    assert leftovers == set()


def test_an_unreadable_folder_is_told(vigie) -> None:
    folder = vigie.folder / "pages"
    folder.mkdir(mode=0o000)
    if os.access(folder, os.R_OK):
        pytest.skip("this user may read everything")

    done = vigie("ingest", "pages")

    assert (done.returncode, "Permission denied" in done.stderr) == (2, True)


def test_explain_reads_a_text_from_standard_input(vigie) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "crawler", "explain", "-", "--json"],
        cwd=vigie.folder,
        input=NEWS,
        capture_output=True,
        text=True,
        check=True,
    )

    flag = json.loads(done.stdout)
    assert flag["flagged"] is True
    assert (flag["countries"], "military" in flag["themes"]) == (["ML"], True)
    for match in flag["matches"]:
        assert match["words"] in match["sentence"]
    assert sum(part["points"] for part in flag["arithmetic"]) == pytest.approx(flag["score"], abs=1)


def test_explain_shows_each_match_in_its_sentence(vigie) -> None:
    (vigie.folder / "news.txt").write_text(NEWS, encoding="utf-8")

    done = vigie("explain", "news.txt")

    assert done.stdout.startswith("flagged, score ")
    assert "la [Russie]" in done.stdout
    assert "ML         partner:" in done.stdout


@pytest.mark.skipif(not SEED.is_dir(), reason=f"{SEED} is not on this machine")
def test_the_seed_article_is_flagged_with_its_themes_and_countries(vigie) -> None:
    (seed,) = SEED.glob("*.txt")

    flag = vigie.json("explain", str(seed))

    assert flag["flagged"] is True
    assert flag["countries"] == ["BF", "ML"]
    wanted = "military nuclear health education infrastructure humanitarian culture diplomacy"
    assert set(wanted.split()) <= set(flag["themes"]) <= {*wanted.split(), "energy"}


def test_cron_lines_run_from_the_root_with_an_empty_environment(vigie) -> None:
    (vigie.folder / "sources.toml").write_text(ENTRY, encoding="utf-8")
    (vigie.folder / "vigie.toml").write_text(
        '[fetch]\nallow_private_addresses = true\ndelay = 0\n[paths]\nsources = "sources.toml"\n',
        encoding="utf-8",
    )
    done = vigie("schedule", "cron")
    line = next(line for line in done.stdout.splitlines() if not line.startswith("#"))
    schedule, command = line.split("nice ", 1)

    crawl = subprocess.run(
        ["/bin/sh", "-c", f"cd / && env -i {command}"], capture_output=True, text=True, check=False
    )

    assert schedule.split() == ["7", "*", "*", "*", "*"]
    assert crawl.returncode == 1, crawl.stderr  # the one source does not answer
    log = (vigie.folder / "vigie.log").read_text(encoding="utf-8")
    assert "no way in: un" in log


def test_the_demo_stores_flags_and_refuses(vigie) -> None:
    done = vigie("demo")

    assert done.returncode == 0, done.stderr
    assert "3 sources, 25 stored" in done.stdout
    assert "not_french" in done.stdout
    assert "search 'Rosatom OU" in done.stdout
    status = vigie.json("--db", "vigie-demo/vigie.db", "status")
    assert status["queued"] == 0
    found = vigie.json("--db", "vigie-demo/vigie.db", "search", 'Rosatom OU "Africa Corps"')
    assert len(found) >= 3
    for row in found:
        assert {hit["words"].casefold() for hit in row["hits"]} <= {"rosatom", "africa corps"}


def test_help_is_quick_because_scrapy_is_imported_late() -> None:
    code = (
        "import sys; from crawler.commands.main import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "print('scrapy' in sys.modules, 'trafilatura' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[-1] == "False False"


def test_our_import_names_belong_to_us_alone() -> None:
    from importlib.metadata import packages_distributions

    owners = packages_distributions()
    ours = ("crawler", "pipelines", "review", "storage")
    # Of an editable install they belong to nobody.
    assert {owner for name in ours for owner in owners.get(name, [])} <= {"vigie-presse"}
