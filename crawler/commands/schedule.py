"""Schedule: what to install so that the crawl runs unattended."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import click

from crawler.commands.context import Context, pass_context
from crawler.config import default_config

LAST_WORDS = 60
"""Seconds beyond the budget after which the crawl is told to stop from outside, and then killed."""

every_option = click.option(
    "--every", type=click.IntRange(1, 24), default=1, show_default=True, help="Hours."
)


@click.group()
def command() -> None:
    """Print what to install so that the crawl runs by itself."""


@command.command()
@every_option
@click.pass_context
@pass_context
def cron(context: Context, ctx: click.Context, every: int) -> None:
    """Print lines for `crontab -e`.

    Every path is absolute, the environment may be empty. The file for logrotate that keeps the log small is printed as comments.
    """
    log = _log(context)
    minutes = every * 50
    crawl = shlex.join([*_command_line(context, ctx), "-v", "crawl", "--budget", f"{minutes}m"])
    crawl = crawl.replace("%", r"\%")
    stop = f"timeout -k {LAST_WORDS} {minutes * 60 + LAST_WORDS}"
    hours = "*" if every == 1 else f"*/{every}"
    click.echo("# Vigie: a crawl that still runs makes the next one exit 3 and write nothing.")
    click.echo(f"7 {hours} * * * nice {stop} {crawl} >> {shlex.quote(str(log))} 2>&1")
    click.echo("# In /etc/logrotate.d/vigie:")
    for line in _rotation(log):
        click.echo(f"#   {line}")


@command.command()
@every_option
@click.pass_context
@pass_context
def systemd(context: Context, ctx: click.Context, every: int) -> None:
    """Print a service and a timer for systemd.

    The journal keeps the log and rotates it.
    """
    crawl = [*_command_line(context, ctx), "-v", "crawl", "--budget", f"{every * 50}m"]
    line = " ".join(_quoted(word) for word in crawl)
    click.echo("# /etc/systemd/system/vigie.service")
    click.echo(_SERVICE.format(line=line, stop=LAST_WORDS, start=every * 50 * 60 + LAST_WORDS))
    click.echo("# /etc/systemd/system/vigie.timer")
    click.echo(_TIMER.format(hours="*" if every == 1 else f"0/{every}"))
    click.echo("# systemctl daemon-reload && systemctl enable --now vigie.timer")


_SERVICE = """\
[Unit]
Description=Vigie, one crawl
After=network-online.target
Wants=network-online.target

[Service]
Type=oneshot
ExecStart={line}
# 1: a source needs a person, see `vigie status`. 3: another crawl runs.
SuccessExitStatus=1 3
Nice=10
IOSchedulingClass=idle
TimeoutStartSec={start}
TimeoutStopSec={stop}
MemoryMax=4G
NoNewPrivileges=true
PrivateTmp=true
ProtectSystem=full
"""
_TIMER = """\
[Unit]
Description=Vigie, crawl by the clock

[Timer]
OnCalendar=*-*-* {hours}:07:00
Persistent=true

[Install]
WantedBy=timers.target
"""


def _command_line(context: Context, ctx: click.Context) -> list[str]:
    """Return the program with its global options, every path absolute."""
    config = ctx.find_root().params["config"]
    config = config or default_config()
    command_line = [*_program(), "--db", str(context.db.resolve())]
    if config is not None:
        command_line += ["--config", str(Path(config).resolve())]
    return command_line


def _log(context: Context) -> Path:
    return context.db.resolve().with_suffix(".log")


def _rotation(log: Path) -> list[str]:
    path = str(log).replace("\\", "\\\\").replace('"', '\\"')
    keep = ["weekly", "rotate 8", "compress", "delaycompress", "missingok", "notifempty"]
    return [f'"{path}" {{', *(f"  {word}" for word in keep), "}"]


def _quoted(word: str) -> str:
    """Quote a word for systemd, which expands `%` and `$` within quotes too."""
    word = word.replace("%", "%%").replace("$", "$$")
    return word if shlex.quote(word) == word else '"' + word.replace('"', '\\"') + '"'


def _program() -> list[str]:
    """Return how this very program was called, with absolute paths."""
    if Path(sys.argv[0]).name == "vigie":
        return [str(Path(sys.argv[0]).absolute())]
    return [sys.executable, "-m", "crawler"]
