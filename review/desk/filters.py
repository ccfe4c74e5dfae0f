"""Filters: the queue's filters as an address says them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlencode

import attrs

from storage.desk_queue import ORDERS, STATES, QueueFilters

PROBE = "probe"
"""The state that asks for the daily sample instead of the queue."""
KEYS = ("state", "country", "theme", "source", "alignment", "rule", "since", "until", "q", "order")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_DEFAULTS = {"state": STATES[0], "order": ORDERS[0]}


@attrs.frozen(kw_only=True)
class Address:
    """Filters, words searched for, and how to write them back into an address."""

    values: Mapping[str, str]
    """By key of `KEYS`, without defaults and without what is not understood."""

    @property
    def state(self) -> str:
        """The state asked for, `probe` included."""
        return self.values.get("state", STATES[0])

    @property
    def words(self) -> str | None:
        """The words searched for."""
        return self.values.get("q")

    def chosen(self) -> list[tuple[str, str]]:
        """Return the filters that are set, the state and the order aside."""
        return [(key, self.values[key]) for key in KEYS[1:-1] if key in self.values]

    def filters(self, reviewer: str) -> QueueFilters:
        """Return the filters as the queue wants them."""
        chosen = {key: value for key, value in self.values.items() if key != "q"}
        return QueueFilters(reviewer=reviewer, **chosen)

    def query(self, **changes: str | int | None) -> str:
        """Return the query string, with `?`, after some changes; None removes a key."""
        merged = {**self.values, **changes}
        pairs = {
            key: value
            for key, value in merged.items()
            if value is not None and _DEFAULTS.get(key) != value
        }
        return f"?{urlencode(pairs)}" if pairs else ""


def read_address(arguments: Mapping[str, str]) -> Address:
    """Return the filters in the arguments of an address, leaving out what makes no sense."""
    values = {}
    for key in KEYS:
        value = (arguments.get(key) or "").strip()[:200]
        if value and _makes_sense(key, value) and _DEFAULTS.get(key) != value:
            values[key] = value
    return Address(values=values)


def _makes_sense(key: str, value: str) -> bool:
    match key:
        case "state":
            return value in (*STATES, PROBE)
        case "order":
            return value in ORDERS
        case "since" | "until":
            return _DAY.fullmatch(value) is not None
        case _:
            return True
