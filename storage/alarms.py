"""Alarms: what is wrong with a source, told from its polls; blocked, broken and quiet are three things."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

import attrs

from storage.rhythm import Arrival, Rhythm

ALARMS = {
    "blocked": "the site answers, and refuses us",
    "broken": "none of its ways to articles works",
    "hijacked": "its pages lead to another site, or are in another language",
    "template": "its pages come and no article is found on them any more",
    "shrinking": "its articles come much shorter than they used to",
    "frozen": "its feed answers and has not moved, and no other way has anything newer",
    "silent": "its ways work, and nothing has come for longer than ever",
    "few": "fewer articles in a week than its `min_per_week`, or than half of its poorest week so far",
}
"""The states that need a person. The others are `ok`, `quiet` and `new`."""

PATIENCE = 3
"""Polls in a row that must fail before an alarm: a server that restarts is no news."""
SILENCE = 1.6
"""How many times its longest silence so far a source may be silent."""
FEW = 0.5
FEW_EXPECTED, FEW_DAYS = 14, 35
"""A week that should bring fewer articles than this, or a shorter history, tells nothing of a drop."""
SHRUNK = 0.4
RECENT_PAGES, MOST = 8, 0.6
FEW_PAGES = 3
USUAL = 0.2

_WEEK = timedelta(days=7)
BLOCKING = ("challenge", "forbidden", "rate_limited", "robots", "robots_unavailable")
"""Classes by which a site refuses the crawler, where others are faults."""
_ELSEWHERE = ("other_site",)
_UNREADABLE = ("extract_short", "extract_timeout", "extract_crash", "not_html", "listing", "empty")


@attrs.frozen(kw_only=True)
class PollFacts:
    """What one poll of a source gave."""

    at: datetime
    new: int
    stored: int
    duplicate: int
    refused: int
    characters: int
    errors: Mapping[str, int]

    @property
    def pages(self) -> int:
        """Pages that came to an end."""
        return self.stored + self.duplicate + self.refused

    @property
    def failed(self) -> bool:
        """Whether no way to the source's articles worked."""
        return "source_failed" in self.errors

    def times(self, reasons: Collection[str]) -> int:
        """Return how many pages were refused for one of some reasons."""
        return sum(self.errors.get(reason, 0) for reason in reasons)

    def way_said(self, reasons: Collection[str]) -> bool:
        """Whether a feed, sitemap or section page failed for one of some reasons."""
        return any(key.partition("_")[2] in reasons for key in self.errors)


@attrs.frozen(kw_only=True)
class History:
    """All that the judgement of a source rests on."""

    begun: datetime
    polls: Sequence[PollFacts]
    """The oldest first, the very first one left out unless it is the only one."""
    arrivals: Sequence[Arrival]
    rhythm: Rhythm | None
    holidays: Collection[date] = ()
    min_per_week: int | None = None

    @property
    def last_new(self) -> datetime | None:
        """When something new was last announced."""
        return self.arrivals[-1].at if self.arrivals else None

    def came_in_week(self, end: datetime) -> int:
        """Return how many articles came in the seven days before an instant."""
        return sum(a.pages for a in self.arrivals if end - _WEEK < a.at <= end)

    def silence(self, now: datetime) -> float:
        """Return how many articles should have come since the last one did."""
        if self.rhythm is None or self.last_new is None:
            return 0
        return self.rhythm.expected(self.last_new, now, self.holidays)


def judge(history: History, now: datetime) -> tuple[str, str]:
    """Return a source's state, and a sentence that says what it rests on."""
    for name, reason in _alarms(history, now):
        if reason is not None:
            return name, reason
    if history.rhythm is None:
        return "new", "too little is known of it yet"
    if history.silence(now) > history.rhythm.longest:
        return "quiet", f"nothing since {_moment(history.last_new)}"
    return "ok", ""


def _alarms(history: History, now: datetime) -> Iterator[tuple[str, str | None]]:
    yield "blocked", _blocked(history)
    yield "broken", _broken(history)
    yield "hijacked", _hijacked(history)
    yield "template", _template(history)
    yield "shrinking", _shrinking(history)
    silent = _silent(history, now)
    frozen = history.polls and history.polls[-1].way_said(("frozen",))
    yield "frozen", silent if frozen else None
    yield "silent", silent
    yield "few", _few(history, now)


def _last(history: History) -> Sequence[PollFacts]:
    return history.polls[-PATIENCE:]


def _has_failed(history: History) -> bool:
    """Whether the last polls all failed, or the source never worked."""
    polls = _last(history)
    if not polls or not all(poll.failed for poll in polls):
        return False
    return len(polls) == PATIENCE or (
        not history.arrivals and all(poll.failed for poll in history.polls)
    )


def _blocked(history: History) -> str | None:
    polls = _last(history)
    if _has_failed(history) and all(poll.way_said(BLOCKING) for poll in polls):
        return f"its feeds answer {_named(polls[-1], BLOCKING)}"
    share = _recent_share(history.polls, BLOCKING)
    return f"its pages answer {_named(_with_pages(polls), BLOCKING)}" if share else None


def _broken(history: History) -> str | None:
    if not _has_failed(history):
        return None
    worked = [poll.at for poll in history.polls if not poll.failed]
    since = _moment(worked[-1]) if worked else "never"
    return f"no way to its articles; last worked {since}; {_ways(history.polls[-1])}"


def _hijacked(history: History) -> str | None:
    polls = _last(history)
    if len(polls) == PATIENCE and all(poll.way_said(_ELSEWHERE) for poll in polls):
        return "its feed leads to another site"
    if _recent_share(history.polls, _ELSEWHERE):
        return "its pages lead to another site"
    return "its pages are in another language" if _grown(history, ("not_french",)) else None


def _template(history: History) -> str | None:
    return "no article is found on its pages" if _grown(history, _UNREADABLE) else None


def _grown(history: History, reasons: Collection[str]) -> bool:
    """Whether pages lately end for some reasons of which few ended so before."""
    recent, earlier = _split(history.polls)
    pages, refused = sum(p.pages for p in earlier), sum(p.times(reasons) for p in earlier)
    usual = refused / pages if pages >= 10 else None
    return usual is not None and usual < USUAL and _share(recent, reasons) >= MOST


def _recent_share(polls: Sequence[PollFacts], reasons: Collection[str]) -> bool:
    recent, _ = _split(polls)
    return _share(recent, reasons) >= MOST


def _split(polls: Sequence[PollFacts]) -> tuple[Sequence[PollFacts], Sequence[PollFacts]]:
    """Return the last polls, back to the third page or to the eighth of a busy poll, and those before."""
    pages = 0
    for back, poll in enumerate(reversed(polls), start=1):
        pages += poll.pages
        if pages >= FEW_PAGES:
            return polls[-back:], polls[:-back]
    return (), polls


def _share(polls: Sequence[PollFacts], reasons: Collection[str]) -> float:
    pages = sum(poll.pages for poll in polls)
    return sum(poll.times(reasons) for poll in polls) / pages if pages else 0


def _shrinking(history: History) -> str | None:
    """Whether the last articles are short; a mean of three short notes among long texts is not."""
    stored = 0
    polls = [poll for poll in history.polls if poll.stored]
    for back, poll in enumerate(reversed(polls), start=1):
        stored += poll.stored
        if stored >= FEW_PAGES:
            recent, earlier = polls[-back:], polls[:-back]
            break
    else:
        return None
    if sum(poll.stored for poll in earlier) < 20:
        return None
    new, usual = _length(recent), _length(earlier)
    return f"{new:.0f} characters instead of {usual:.0f}" if new < SHRUNK * usual else None


def _length(polls: Sequence[PollFacts]) -> float:
    return sum(poll.characters for poll in polls) / sum(poll.stored for poll in polls)


def _silent(history: History, now: datetime) -> str | None:
    missing = history.silence(now)
    if history.rhythm is None or missing <= SILENCE * history.rhythm.longest:
        return None
    return f"nothing since {_moment(history.last_new)}, {missing:.0f} articles missing"


def _few(history: History, now: datetime) -> str | None:
    if history.min_per_week is None or now - history.begun < timedelta(days=8):
        return _fewer_than_ever(history, now)
    came = history.came_in_week(now)
    if came < history.min_per_week:
        return f"{came} in seven days, {history.min_per_week} expected"
    return _fewer_than_ever(history, now)


def _fewer_than_ever(history: History, now: datetime) -> str | None:
    """Whether a week brought less than half of what the poorest week before it brought.

    Weeks are compared by their share of what should have come in them, holidays taken into account;
    none was so good that half of it would be three quarters of what should come.
    """
    if history.rhythm is None or now - history.begun < timedelta(days=FEW_DAYS):
        return None
    came, expected = history.came_in_week(now), _expected_in_week(history, now)
    if expected < FEW_EXPECTED or came > expected * FEW * 1.5:
        return None
    days = (now - history.begun) // timedelta(days=1)
    ends = [now - timedelta(days=back) for back in range(7, days - 7)]
    poorest = min(history.came_in_week(end) / _expected_in_week(history, end) for end in ends)
    few = came < FEW * poorest * expected
    return f"{came} in seven days, {expected:.0f} expected" if few else None


def _expected_in_week(history: History, end: datetime) -> float:
    assert history.rhythm is not None  # noqa: S101 - whoever asks has looked
    return max(history.rhythm.expected(end - _WEEK, end, history.holidays), 1)


def _with_pages(polls: Sequence[PollFacts]) -> PollFacts:
    return next((poll for poll in reversed(polls) if poll.pages), polls[-1])


def _named(poll: PollFacts, reasons: Collection[str]) -> str:
    found = Counter(
        reason for key in poll.errors for reason in reasons if key.endswith(reason)
    )  # a way's class has its kind before it
    return found.most_common(1)[0][0] if found else "with a refusal"


def _ways(poll: PollFacts) -> str:
    return " ".join(sorted(key for key in poll.errors if key != "source_failed"))


def _moment(instant: datetime | None) -> str:
    return "the beginning" if instant is None else f"{instant:%Y-%m-%d %H:%M}"
