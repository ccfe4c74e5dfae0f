"""The command in a folder with archives of the web that were swept into partitions."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from partitions import RULES, write_warcs


@pytest.fixture(scope="session")
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
