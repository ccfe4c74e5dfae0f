"""French spacing."""

from __future__ import annotations

import pytest

from review.typography import tied


@pytest.mark.parametrize(
    ("plain", "expected"),
    [
        ("l’« Africa Corps » : qui ?", "l’«~Africa Corps~»~: qui~?"),
        ("1 200 000 tonnes, 0,5 %", "1~200~000 tonnes, 0,5~%"),
        ("en 2026 120 soldats", "en 2026 120 soldats"),
        ("le 22 novembre 2026", "le 22 novembre 2026"),
        ("déjà\u202f: oui", "déjà\u202f: oui"),
    ],
)
def test_spaces_that_must_not_break_do_not(plain: str, expected: str) -> None:
    assert tied(plain).replace("\xa0", "~") == expected
    assert len(tied(plain)) == len(plain)
