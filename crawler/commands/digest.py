"""Digest command: what is new, as a file, a mail or a notice."""

from __future__ import annotations

import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crawler.commands.context import Context, pass_context
from crawler.commands.options import form_of, instant
from crawler.config import Config, ConfigError
from storage.archive import Archive
from storage.errors import StorageError
from storage.times import from_text, now

if TYPE_CHECKING:
    from review.digest.records import Digest
    from review.digest.words import Words

FORMATS = ("html", "md", "atom", "json", "docx")
LANGUAGES = ("fr", "en")
NEEDS_A_PERSON = 1


@click.command()
@click.option("--since", callback=instant, default="1d", show_default=True, metavar="DATE|AGE")
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    help="[default: what the name of --out ends with; html]",
)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write to a file.")
@click.option("--lang", type=click.Choice(LANGUAGES), default="fr", show_default=True)
@click.option("--mail", is_flag=True, help="Send it to the addresses of [mail] in vigie.toml.")
@click.option("--notify", is_flag=True, help="Send a short notice to the services of [notify].")
@pass_context
def command(context: Context, /, since: str, out: Path | None, **options: Any) -> None:
    """Report what is new by theme and country, and what was not seen.

    Copies of one text are one story, accepted ones come first, irrelevant ones are left out.
    """
    from review.digest.build import build_digest
    from review.digest.mail import DeliveryError
    from review.digest.records import DigestError
    from review.digest.words import words

    _check(context.config, since, mail=options["mail"], notify=options["notify"])
    form = form_of(options["form"], out, FORMATS, "html")
    digest = build_digest(Archive.read(context.db), from_text(since), now() + timedelta(seconds=1))
    said = words(options["lang"])
    try:
        if out is not None or not (options["mail"] or options["notify"]):
            _write(_rendered(digest, said, form), out)
        if options["mail"]:
            _mail(digest, said, context)
        if options["notify"]:
            _notify(digest, said, context)
    except DigestError as e:
        raise ConfigError(str(e)) from e
    except DeliveryError as e:
        click.echo(f"vigie: {e}", err=True)
        sys.exit(NEEDS_A_PERSON)


def _check(config: Config, since: str, *, mail: bool, notify: bool) -> None:
    """Refuse before any work what cannot end well."""
    if from_text(since) > now():
        raise ConfigError(f"--since: {since} is still to come")
    if mail and config.mail.host is None:
        raise ConfigError("--mail: set host, sender and to under [mail] in vigie.toml")
    if notify and not config.notify.urls:
        raise ConfigError("--notify: set urls under [notify] in vigie.toml")


def _rendered(digest: Digest, words: Words, form: str) -> bytes:
    from review.digest.atom import digest_atom
    from review.digest.html_page import digest_page
    from review.digest.json_form import digest_json
    from review.digest.markdown import digest_markdown
    from review.digest.word_document import digest_docx

    match form:
        case "docx":
            return digest_docx(digest, words)
        case "md":
            return digest_markdown(digest, words).encode()
        case "atom":
            return digest_atom(digest, words).encode()
        case "json":
            return digest_json(digest, words).encode()
        case _:
            return digest_page(digest, words).encode()


def _write(content: bytes, out: Path | None) -> None:
    """Write to standard output, or whole to a file: a reader never meets half a digest."""
    if out is None:
        if content.startswith(b"PK") and sys.stdout.isatty():
            raise ConfigError("--format docx is not for a terminal; name a file with --out")
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    if out.exists() and not out.is_file():
        raise ConfigError(f"--out: {out} is there already and is no ordinary file")
    target = out.resolve()  # what a link leads to is written, and the link stays
    beside = target.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        beside.write_bytes(content)
        beside.replace(target)
    except (FileNotFoundError, NotADirectoryError, PermissionError) as e:
        raise ConfigError(f"--out: {out} cannot be written ({e.strerror})") from e
    except OSError as e:
        raise StorageError(f"{out}: cannot be written ({e.strerror})") from e
    finally:
        _remove(beside)


def _remove(path: Path) -> None:
    """Remove what is left of a file that could not be finished."""
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return


def _mail(digest: Digest, words: Words, context: Context) -> None:
    from review.digest.mail import MailServer, digest_mail, send_mail

    mail = context.config.mail
    assert mail.host is not None  # noqa: S101 - checked before
    assert mail.sender is not None  # noqa: S101 - the configuration has it with the host
    server = MailServer(
        host=mail.host,
        port=mail.port,
        tls=mail.tls,
        user=mail.user,
        password=os.environ.get("VIGIE_MAIL_PASSWORD"),
    )
    send_mail(digest_mail(digest, words, mail.sender, mail.to), server)
    if not context.quiet:
        click.echo(f"mailed to {', '.join(mail.to)}", err=True)


def _notify(digest: Digest, words: Words, context: Context) -> None:
    from review.digest.notice import digest_notice, send_notice

    urls = context.config.notify.urls
    send_notice(*digest_notice(digest, words), urls)
    if not context.quiet:
        click.echo(f"notified {len(urls)} services", err=True)
