"""Partitions: swept, flagged anew, extracted anew and merged, by the real command."""

from __future__ import annotations

import gzip
import json
import os
import random
import secrets
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner
from pyarrow import parquet

from crawler.catalogue import Catalogue
from crawler.commands import cluster
from crawler.commands.main import main
from crawler.ingest.stretch import Selection
from crawler.ingest.swept import SweptFiles
from pipelines.cluster.steps import Sweep
from pipelines.matching.ruleset import load_rules
from storage.archive import Archive
from storage.check import check_archive

RULES = """
[[rule]]
id = "food-wheat"
theme = "food"
query = 'SENTENCE(russe+ AND {word})'
flags = ["Du {word} russe est arrivé."]
ignores = ["Le {word} est arrivé."]
"""
FILES, PAGES, FLAGGED = 4, 8, 2
WORDS = """
    le la les des une dans pour avec sans sur sous vers chez entre depuis pendant marché école
    route barrage santé récolte village région ville capitale ministre maire préfète syndicat
    comité association habitants femmes jeunes paysans pêcheurs enseignants travaux projet budget
    visite rencontre réunion annonce décision journée semaine saison pluie fleuve forêt champ
"""
WHEAT = (
    "Un navire de blé russe est arrivé au port de la capitale ce mardi.",
    "Un don de blé russe est attendu dans le nord du pays.",
)
HARBOUR = "Un navire russe a quitté le port de la capitale dans la nuit."
SECONDS = 120
"""No wait in these tests is longer."""


def page(number: int, sentence: str) -> str:
    dice = random.Random(number)
    lines = [" ".join(dice.choice(WORDS.split()) for _ in range(25)) + "." for _ in range(8)]
    body = "".join(f"<p>{line}</p>" for line in [*lines[:2], sentence, *lines[2:]])
    return (
        f'<!doctype html><html lang="fr"><head><title>{lines[0][:50]}</title></head><body>'
        f"<article><h1>{lines[0][:50]}</h1>{body}</article></body></html>"
    )


def record(url: str, body: str) -> bytes:
    http = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{body}".encode()
    head = (
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:1>\r\n"
        f"WARC-Date: 2026-10-01T08:00:00Z\r\nWARC-Target-URI: {url}\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    return gzip.compress(head.encode() + http + b"\r\n\r\n", 1)


def write_warcs(folder: Path) -> None:
    """Write files in each of which two pages speak of Russian wheat, and one of those and another
    of a Russian ship."""
    folder.mkdir()
    for file in range(FILES):
        sentences = [*WHEAT, HARBOUR] + [""] * (PAGES - FLAGGED - 1)
        records = [
            record(f"https://matin.example/{file}-{n}.html", page(file * PAGES + n, sentence))
            for n, sentence in enumerate(sentences)
        ]
        (folder / f"CC-NEWS-2026100{file + 1}080000-00000.warc.gz").write_bytes(b"".join(records))


@pytest.fixture(scope="module")
def vigie(imitations, tmp_path_factory: pytest.TempPathFactory):
    """Return the command in a folder with archives of the web, swept, and with two rule sets.

    Each test has archives and folders of its own there.
    """
    vigie = imitations[0](tmp_path_factory.mktemp("cluster"))
    write_warcs(vigie.folder / "warcs")
    for name, word in (("wheat", "blé"), ("ships", "navire")):
        (vigie.folder / f"{name}.toml").write_text(RULES.format(word=word), encoding="utf-8")
    use_rules(vigie, "wheat")
    assert vigie("cluster", "sweep", "warcs", "--out", "swept").returncode == 0
    return vigie


@pytest.fixture
def ships(vigie) -> Iterator[None]:
    """Let the rules in use be others than those of the sweep."""
    use_rules(vigie, "ships")
    yield
    use_rules(vigie, "wheat")


def use_rules(vigie, name: str) -> None:
    (vigie.folder / "vigie.toml").write_text(f'[paths]\nrules = "{name}.toml"\n', encoding="utf-8")


def rows(folder: Path, without: Sequence[str] = ()) -> list[str]:
    """Return the rows of all partitions, sorted, some columns left out."""
    tables = [parquet.read_table(file) for file in folder.glob("*.parquet")]
    found = [row for table in tables for row in table.drop_columns(list(without)).to_pylist()]
    return sorted(json.dumps(row, default=repr, sort_keys=True) for row in found)


def finished(folder: Path) -> dict[str, int]:
    """Return when the partitions whose tasks have ended were written."""
    done = {marker.name for marker in folder.glob("tasks/completions/*")}
    return {
        file.name: file.stat().st_mtime_ns for file in folder.glob("*.parquet") if file.stem in done
    }


def wait_for(what: Callable[[], object]) -> None:
    end = time.monotonic() + SECONDS
    while not what():
        assert time.monotonic() < end
        time.sleep(0.02)


def descendants(ancestor: int) -> dict[int, str]:
    """Return the processes below one, with their names."""
    parents, names = {}, {}
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            values = dict(line.split(":\t", 1) for line in status.read_text().splitlines())
            names[int(status.parent.name)] = (status.parent / "cmdline").read_text()
        except OSError:  # it has just ended
            continue
        parents[int(status.parent.name)] = int(values["PPid"])
    below = {ancestor}
    while more := {pid for pid, parent in parents.items() if parent in below} - below:
        below |= more
    return {pid: names.get(pid, "") for pid in below - {ancestor}}


def kill(pids: Iterator[int] | list[int]) -> None:
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:  # it has ended by itself
            continue


def judged(db: Path) -> list[tuple[object, ...]]:
    """Return the articles of an archive with how they are judged."""
    with closing(sqlite3.connect(f"{db.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        return connection.execute(
            """
            select url, text, digest, language, agency, flagged, score, themes, rule_set,
                   arithmetic, words
              from articles join flags on flags.article = articles.id
              left join matches on matches.article = articles.id order by url, matches.start
            """
        ).fetchall()


def test_a_sweep_and_a_merge_give_what_ingest_gives_and_no_more_the_second_time(vigie) -> None:
    swept = vigie.json("cluster", "sweep", "warcs", "--out", "swept")
    first = vigie.json("--db", "merged.db", "cluster", "merge", "swept")
    articles = judged(vigie.folder / "merged.db")
    again = vigie.json("--db", "merged.db", "cluster", "merge", "swept")
    vigie("--db", "ingested.db", "ingest", "warcs")

    count = FILES * FLAGGED
    assert swept["unfinished"] == 0
    assert swept["counts"]["flagged"] == swept["counts"]["written"] == count
    assert swept["counts"]["passed_over"] == FILES * (PAGES - FLAGGED)
    assert (first["counts"], again["counts"]) == ({"stored": count}, {"known": count})
    assert judged(vigie.folder / "merged.db") == articles
    assert judged(vigie.folder / "ingested.db") == articles
    assert check_archive(Archive.read(vigie.folder / "merged.db").db) == []


def test_what_was_killed_is_done_when_the_command_is_repeated_and_nothing_twice(vigie) -> None:
    sweep = ("cluster", "sweep", "warcs", "--out", "killed", "--tasks", "3", "--workers", "1")
    out = vigie.folder / "killed"
    process = vigie.start(*sweep)
    wait_for(lambda: finished(out))
    kill([process.pid, *descendants(process.pid)])
    process.communicate()
    first = finished(out)
    assert len(first) == 1

    process = vigie.start(*sweep)
    begun: list[Path] = []
    wait_for(lambda: begun.extend(_held(process.pid, out)) or begun)
    kill([pid for pid in descendants(process.pid) if begun[0] in _files_of(pid)])
    _, err = process.communicate(timeout=SECONDS)
    assert process.returncode == 1
    assert "1 tasks have not ended; repeat the command" in err
    second = finished(out)
    assert len(second) == 2

    assert vigie(*sweep).returncode == 0

    third = finished(out)
    assert first.items() <= second.items() <= third.items()
    assert len(third) == 3
    assert rows(out) == rows(vigie.folder / "swept")
    assert not list(out.glob(".*.part"))


def _held(ancestor: int, folder: Path) -> set[Path]:
    """Return the unfinished partitions that processes below one write."""
    files = {file for pid in descendants(ancestor) for file in _files_of(pid)}
    return {file for file in files if file.parent == folder and file.suffix == ".part"}


def _files_of(pid: int) -> set[Path]:
    try:
        return {handle.readlink() for handle in Path(f"/proc/{pid}/fd").iterdir()}
    except OSError:  # it has just ended
        return set()


@pytest.mark.usefixtures("ships")
def test_what_an_export_holds_is_judged_again_as_vigie_flag_would(vigie) -> None:
    vigie("--db", "all.db", "cluster", "merge", "swept")
    vigie("--db", "all.db", "export", "--format", "parquet", "--out", "all.parquet")
    shutil.copy(vigie.folder / "all.db", vigie.folder / "other.db")

    flagged = vigie.json("cluster", "flag", "all.parquet", "--out", "judged")
    merged = vigie.json("--db", "all.db", "cluster", "merge", "judged")
    vigie("--db", "other.db", "flag")

    assert flagged["counts"]["flagged"] == FILES
    assert merged["counts"] == {"judged": FILES * FLAGGED}
    assert judged(vigie.folder / "all.db") == judged(vigie.folder / "other.db")


@pytest.mark.usefixtures("ships")
def test_pages_that_were_kept_are_extracted_and_flagged_anew(vigie) -> None:
    extracted = vigie.json("cluster", "extract", "swept", "--out", "again", "--tasks", "1")

    assert extracted["counts"]["written"] == FILES * FLAGGED
    assert extracted["counts"]["flagged"] == FILES
    judged = ("flagged", "score", "themes", "rule_set", "matches", "arithmetic")
    assert rows(vigie.folder / "again", judged) == rows(vigie.folder / "swept", judged)
    assert len(list((vigie.folder / "again").glob("*.parquet"))) == 1


def test_a_folder_of_other_work_is_refused(vigie) -> None:
    other = vigie("cluster", "sweep", "warcs", "--out", "swept", "--all")
    none = vigie("cluster", "merge", "warcs")

    assert (other.returncode, none.returncode) == (2, 2)
    assert "swept: holds other work (keep differ" in other.stderr
    assert "warcs: holds no work of `vigie cluster`" in none.stderr


def test_a_broken_file_is_told_and_the_rest_is_kept(vigie, capsys) -> None:
    whole = (vigie.folder / "warcs" / "CC-NEWS-20261001080000-00000.warc.gz").read_bytes()
    cut = vigie.folder / "cut.warc.gz"
    cut.write_bytes(whole[:-200])
    rules = load_rules(vigie.folder / "wheat.toml")
    sweeping = SweptFiles(Catalogue([]), Selection(everything=True, domains=None))

    step = Sweep([cut], sweeping, rules)
    pages = list(step.run(None))

    assert len(pages) == PAGES - 1
    assert step.stats["broken"].total == 1
    with pytest.raises(SystemExit, match="1"):
        cluster.say(Counter(broken=1), (), as_json=False, unfinished=0)
    assert "1 places are broken and were left out" in capsys.readouterr().err


TOKEN = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)}
"""Lets this test alone use the cluster that it starts."""


@contextmanager
def ray_cluster() -> Iterator[tuple[str, int]]:
    """Give the address of a small Ray cluster on this machine, and the process it is under."""
    script = (
        "import ray, sys\n"
        "ray.init(address='local', num_cpus=1, include_dashboard=False, log_to_driver=False,"
        " object_store_memory=80_000_000, logging_level='ERROR')\n"
        "print(ray.get_runtime_context().gcs_address, flush=True)\n"
        "sys.stdin.read()\n"
        "ray.shutdown()\n"
    )
    quiet = {"RAY_USAGE_STATS_ENABLED": "0", "PYTHONWARNINGS": "ignore"}
    with subprocess.Popen(
        [sys.executable, "-c", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=os.environ | quiet | TOKEN,
    ) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip(), process.pid
        finally:
            below = descendants(process.pid)
            process.communicate(timeout=SECONDS)
            kill(list(below))


def start_on_ray(vigie, address: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "crawler", "cluster", "sweep", "warcs", "--out", "on-ray",
         "--executor", "ray", "--address", address, "--tasks", "2", "--workers", "1"],
        cwd=vigie.folder,
        env={"PATH": os.environ["PATH"], "PYTHONWARNINGS": "ignore", **TOKEN},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )  # fmt: skip


def test_a_ray_run_whose_worker_is_killed_equals_the_local_run_and_redoes_nothing(vigie) -> None:
    out = vigie.folder / "on-ray"
    with ray_cluster() as (address, pid):
        process = start_on_ray(vigie, address)
        wait_for(lambda: finished(out) or process.poll() is not None)
        workers: list[int] = []
        wait_for(lambda: workers.extend(_workers(pid)) or workers)
        process.kill()
        kill(workers)
        process.communicate()
        before = finished(out)
        assert len(before) == 1

        repeated = start_on_ray(vigie, address)
        _, err = repeated.communicate(timeout=SECONDS)

    assert repeated.returncode == 0, err
    after = finished(out)
    assert before.items() <= after.items()
    assert len(after) == 2
    assert rows(out) == rows(vigie.folder / "swept")


def _workers(ancestor: int) -> list[int]:
    return [pid for pid, name in descendants(ancestor).items() if "RankWorker" in name]


def test_no_cluster_at_an_address_exits_3(vigie) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"

    done = vigie("cluster", "sweep", "warcs", "--out", "nowhere", "--executor", "ray",
                 "--address", address)  # fmt: skip

    assert done.returncode == 3
    assert "no Ray cluster answers" in done.stderr


def test_without_the_extra_one_line_says_what_to_install(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(cluster, "find_spec", lambda name: None if name == "datatrove" else name)
    monkeypatch.chdir(tmp_path)

    done = CliRunner().invoke(main, ["cluster", "sweep", str(tmp_path), "--out", "swept"])

    assert done.exit_code == 2
    assert done.output == (
        "vigie: needs the extra [cluster]: pip install 'vigie-presse[cluster]'\n"
    )


def test_no_other_command_needs_the_extra(tmp_path: Path) -> None:
    script = (
        "import importlib, sys\n"
        "sys.modules |= dict.fromkeys(('datatrove', 'ray', 'loguru', 'pyarrow'))\n"
        "from crawler.commands.main import COMMANDS\n"
        "for name in COMMANDS: importlib.import_module(f'crawler.commands.{name}')\n"
        "import crawler.ingest.ingestion, crawler.run, pipelines.stages, review.desk.app\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
