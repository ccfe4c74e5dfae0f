"""Durability: an answered verdict is in the archive, whatever happens to the desk."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from sqlite_utils import Database

from storage.check import check_archive

VERDICTS = 100


def _start(path: Path, *options: str) -> tuple[subprocess.Popen[str], str]:
    command = [
        sys.executable,
        "-m",
        "crawler",
        "--db",
        str(path),
        "review",
        "--port",
        "0",
        *options,
    ]
    desk = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONUNBUFFERED": "1"}
    )
    line = desk.stdout.readline()
    return desk, next(word for word in line.split() if word.startswith("http"))


def test_every_answered_verdict_of_two_reviewers_survives_kill_9(archive_path: Path):
    answered: list[tuple[str, str]] = []
    enough = threading.Event()

    def judge(url: str, reviewer: str, number: int) -> None:
        headers = {"origin": url.removesuffix("/-/review"), "cookie": f"vigie_reviewer={reviewer}"}
        note = f"{reviewer} {number}"
        form = {"article": str(number % 24 + 1), "verdict": "relevant", "note": note}
        try:
            answer = httpx.post(f"{url}/verdict", data=form, headers=headers, timeout=30)
        except httpx.HTTPError:
            return
        assert answer.status_code == 303
        answered.append((reviewer, note))
        if len(answered) >= VERDICTS // 4:
            enough.set()

    for _ in range(2):
        desk, url = _start(archive_path)
        enough.clear()
        with ThreadPoolExecutor(8) as pool:
            for number in range(VERDICTS // 2):
                pool.submit(
                    judge, url, ("awa", "boubacar")[number % 2], number + len(answered) * 100
                )
            assert enough.wait(60)
            desk.send_signal(signal.SIGKILL)
        desk.wait(10)
        desk.stdout.close()
    db = Database(str(archive_path))
    kept = {
        (row["reviewer"], row["note"]) for row in db.query("select reviewer, note from verdicts")
    }
    assert len(answered) >= VERDICTS // 4
    assert set(answered) <= kept
    assert check_archive(db) == []
    db.close()


def test_connection_of_the_verdicts_syncs_each_commit(archive_path: Path):
    from storage.connection import connect

    db = connect(archive_path, durable=True)
    assert db.execute("pragma synchronous").fetchone()[0] == 2
    assert db.execute("pragma journal_mode").fetchone()[0] == "wal"
    db.close()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1"])  # noqa: S104 - to be refused
def test_desk_refuses_a_network_without_a_password(archive_path: Path, host: str):
    environment = {k: v for k, v in os.environ.items() if k != "VIGIE_REVIEW_PASSWORD"}
    command = [sys.executable, "-m", "crawler", "--db", str(archive_path), "review", "--host", host]
    ended = subprocess.run(
        command, capture_output=True, text=True, env=environment, timeout=60, check=False
    )
    assert ended.returncode == 2
    assert "VIGIE_REVIEW_PASSWORD" in ended.stderr


def test_desk_refuses_a_short_password_and_a_file_that_is_no_archive(tmp_path: Path):
    other = tmp_path / "notes.db"
    other.write_text("not a database, but long enough to look like a file of some kind" * 20)
    command = [sys.executable, "-m", "crawler", "--db", str(other), "review", "--port", "0"]
    short = subprocess.run(
        command, capture_output=True, text=True, timeout=60, check=False,
        env=os.environ | {"VIGIE_REVIEW_PASSWORD": "short"},
    )  # fmt: skip
    assert short.returncode == 2
    wrong = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert wrong.returncode == 3
    assert "notes.db" in wrong.stderr


def test_taken_port_is_told_in_one_sentence(archive_path: Path):
    desk, url = _start(archive_path)
    port = url.split(":")[2].split("/")[0]
    command = [sys.executable, "-m", "crawler", "--db", str(archive_path), "review", "--port", port]
    second = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    desk.terminate()
    desk.wait(10)
    desk.stdout.close()
    assert second.returncode == 2
    assert "cannot listen" in second.stderr


def test_answers_do_not_wait_for_the_clients_acknowledgement():
    import socket

    from review.desk.server import bind

    with bind("127.0.0.1", 0) as listener:
        assert listener.proto == socket.IPPROTO_TCP
