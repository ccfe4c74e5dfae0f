"""What a robots.txt costs is known before it is parsed."""

from __future__ import annotations

import time

import pytest
from protego import Protego

from crawler.manners import ROBOTS_BYTES
from crawler.robots_rules import MOST_RULES, count_rules

ROBOTS = 500


def names(prefix: str = "User-agent: x") -> str:
    return "".join(f"{prefix}{n}\n" for n in range(ROBOTS))


FILES = {
    "nothing": ("", 0),
    "a page": ("<p>Tout le monde allow cela</p>\n" * 9, 0),
    "one group": ("User-agent: *\nDisallow: /a\nAllow: /a/b\n# Disallow: /c\n\nSitemap: /x\n", 3),
    "odd spellings": ("useragent *\n user agent: x\ndissalow /a\nDIASLLOW: /b\nDisallaw:/c", 8),
    "many groups": ("".join(f"User-agent: x{n}\nDisallow: /\n" for n in range(ROBOTS)), ROBOTS * 2),
    "one group of many": (names() + "Disallow: /\nCrawl-delay: 9\n", ROBOTS * 3),
    "a group that begins anew": (f"{names()}Disallow: /\nUser-agent: *\nDisallow: /b\n", ROBOTS * 2 + 2),
    "other ends of lines": ("User-agent: *\rDisallow: /a\u2028Disallow: /b\x0bDisallow: /c", 4),
}  # fmt: skip


@pytest.mark.parametrize(("text", "rules"), FILES.values(), ids=FILES.keys())
def test_a_rule_counts_once_for_each_robot_of_its_group(text: str, rules: int) -> None:
    assert count_rules(text.encode()) == rules


@pytest.mark.parametrize("group", [1, 3, 40])
def test_no_parser_files_more_rules_than_are_counted(group: int) -> None:
    text = "".join(f"User-agent: x{n}\n" for n in range(group)) + "Disallow: /a\nAllow: /b\n" * 30
    filed = Protego.parse(text)._user_agents.values()  # noqa: SLF001 - it does not tell
    assert sum(len(robot._rules) for robot in filed) <= count_rules(text.encode())  # noqa: SLF001


BOMBS = {
    "rules": "User-agent: *\n" + "Disallow: /*a*b$\n" * 40_000,
    "robots": names("User-agent: robot") * 40,
    "both": names() * 20 + "Allow: /\n" * 40_000,
}


@pytest.mark.serial
@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS.keys())
def test_counting_is_quicker_than_parsing_what_is_allowed(bomb: str) -> None:
    most = "User-agent: *\n" + "".join(f"Disallow: /*a{n}*b$\n" for n in range(MOST_RULES - 1))
    assert count_rules(most.encode()) == MOST_RULES
    times = [time.thread_time()]
    Protego.parse(most)
    times.append(time.thread_time())
    assert count_rules(bomb.encode()[:ROBOTS_BYTES]) > MOST_RULES
    times.append(time.thread_time())
    assert times[2] - times[1] < times[1] - times[0]
