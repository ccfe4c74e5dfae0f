"""Review: the desk where flagged articles are read and judged."""

from __future__ import annotations

import contextlib
import getpass
import os
import webbrowser

import click

from crawler.commands.context import Context, pass_context
from crawler.config import ConfigError


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8001,
    show_default=True,
    help="0 takes any that is free.",
)
@click.option("--name", "names", multiple=True, help="A name by which the desk is called too.")
@click.option("--open", "browse", is_flag=True, help="Open it in the browser.")
@click.option(
    "--lang", type=click.Choice(["fr", "en"]), help="Its language [default: the browser's]."
)
@pass_context
def command(
    context: Context,
    host: str,
    port: int,
    names: tuple[str, ...],
    *,
    browse: bool,
    lang: str | None,
) -> None:
    """Open the review desk: one key is a verdict and the next article.

    It listens on this machine alone. Any other --host needs a password in VIGIE_REVIEW_PASSWORD
    and, as it speaks plain HTTP, a network you trust or a proxy that adds TLS.
    """
    try:
        from review.desk.access import PASSWORD_VARIABLE, access_for
        from review.desk.app import build_app
        from review.desk.server import address_of, bind, serve
    except ModuleNotFoundError as e:
        raise ConfigError(f"the desk needs {e.name}: pip install 'vigie-presse[review]'") from e
    access = access_for(host, os.environ.get(PASSWORD_VARIABLE), names)
    app = build_app(context.db, access, _reviewer(), lang)
    listener = bind(host, port)
    url = address_of(listener)
    with contextlib.suppress(KeyboardInterrupt):  # its usual end
        click.echo(f"The review desk is at {url}   (Ctrl-C ends it)")
        if browse:
            webbrowser.open(url)
        serve(app, listener)


def _reviewer() -> str:
    """Return the name of whoever started the desk, where the system knows one."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "vigie"
