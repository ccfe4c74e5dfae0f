"""Digest mail: plain text first, HTML second, nothing that is loaded from elsewhere."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Sequence
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import Literal

import attrs

from review.digest.html_page import mail_page
from review.digest.plain import digest_plain
from review.digest.records import Digest, DigestError
from review.digest.wording import figures
from review.digest.words import Words

SECONDS = 30
"""How long the mail server may take to answer."""


class DeliveryError(Exception):
    """The digest was made and could not be delivered."""


@attrs.frozen(kw_only=True)
class MailServer:
    """Where the mail is handed in."""

    host: str
    port: int
    tls: Literal["starttls", "tls", "none"]
    user: str | None = None
    password: str | None = attrs.field(default=None, repr=False)


def digest_mail(
    digest: Digest, words: Words, sender: str, recipients: Sequence[str]
) -> EmailMessage:
    """Return the digest as a message."""
    message = EmailMessage()
    day = words.day(digest.until)
    message["Subject"] = f"{words.say('title')}, {day} – {figures(digest, words)}"
    message["From"] = Address("Vigie", addr_spec=sender)
    message["To"] = ", ".join(recipients)
    message["Date"] = format_datetime(digest.until)
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = words.language
    message.set_content(digest_plain(digest, words), cte="quoted-printable")
    message.add_alternative(mail_page(digest, words), subtype="html", cte="quoted-printable")
    return message


def send_mail(message: EmailMessage, server: MailServer) -> None:
    """Hand a message in.

    Raises DigestError when a user is named without a password or without encryption,
    DeliveryError when the server cannot be reached or refuses.
    """
    if server.user and not server.password:
        raise DigestError("[mail] names a user: set VIGIE_MAIL_PASSWORD to the password")
    if server.user and server.tls == "none":
        raise DigestError("[mail] tls = 'none' would send the password in the clear")
    try:
        with _connected(server) as connection:
            if server.tls == "starttls":
                connection.starttls(context=ssl.create_default_context())
            if server.user and server.password:
                connection.login(server.user, server.password)
            refused = connection.send_message(message)
    except (smtplib.SMTPException, OSError) as e:
        raise DeliveryError(f"mail: {server.host}:{server.port} did not take it ({e})") from e
    if refused:
        raise DeliveryError(f"mail: {server.host} refused {', '.join(sorted(refused))}")


def _connected(server: MailServer) -> smtplib.SMTP:
    if server.tls == "tls":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(server.host, server.port, timeout=SECONDS, context=context)
    return smtplib.SMTP(server.host, server.port, timeout=SECONDS)
