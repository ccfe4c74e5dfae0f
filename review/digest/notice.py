"""Digest notice: a short word to Telegram, Slack, Matrix and others (extra `[notify]`)."""

from __future__ import annotations

from collections.abc import Sequence

from review.digest.mail import DeliveryError
from review.digest.records import Digest, DigestError
from review.digest.wording import figures, unseen_words
from review.digest.words import Words

STORIES = 10
"""Stories named; a chat is not a report, and Telegram takes 4,096 characters."""
TITLE = 160


def digest_notice(digest: Digest, words: Words) -> tuple[str, str]:
    """Return title and text: the counts, the first stories with their addresses, what was not seen."""
    lines = [figures(digest, words), ""]
    for story in digest.stories[:STORIES]:
        outlet = f"{story.outlet}, {words.country(story.outlet_country)}"
        lines += [f"• {story.title.text[:TITLE]} ({outlet})", *([story.url] if story.url else [])]
    if len(digest.stories) > STORIES:
        lines.append(words.say("and_more", n=len(digest.stories) - STORIES))
    unseen = unseen_words(digest.not_seen, words)
    kinds = ", ".join(kind.name for kind in unseen.kinds)
    lines += ["", *unseen.lines[:1], *([f"{words.say('unseen')}: {kinds}"] if kinds else [])]
    return f"{words.say('title')}, {words.day(digest.until)}", "\n".join(lines)


def send_notice(title: str, body: str, addresses: Sequence[str]) -> None:
    """Send a notice to apprise addresses, such as `tgram://…` or `slack://…`.

    Raises DigestError when apprise is not installed or does not know an address,
    DeliveryError when a service did not take it. Neither says the address: it holds a secret.
    """
    try:
        import apprise
    except ImportError as e:
        raise DigestError(
            "--notify needs apprise; install it with: pip install 'vigie-presse[notify]'"
        ) from e
    services = apprise.Apprise()
    for number, address in enumerate(addresses, 1):
        if not services.add(address):
            raise DigestError(f"[notify] urls: apprise does not know address {number}")
    if not services.notify(title=title, body=body, body_format=apprise.NotifyFormat.TEXT):
        raise DeliveryError("notify: at least one service did not take the notice")
