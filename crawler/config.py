"""Config: what a user sets in `vigie.toml`, checked before the first request."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from storage.errors import WrongInputError
from storage.times import parse_duration

VERSION = "0.1.0"


class ConfigError(WrongInputError):
    """`vigie.toml` cannot be used; the message names file, key and reason."""


def _check_duration(value: str) -> str:
    parse_duration(value)
    return value


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Fetch(_Table):
    """How pages are fetched."""

    contact: str | None = Field(default=None, pattern=r"^[^\s()]+$")
    """Address or web page by which a site's owner can reach you; part of the user agent."""
    delay: float = Field(default=1.5, ge=0)
    """Seconds between two requests to one host; a source may ask for more, never for less."""
    timeout: float = Field(default=20, ge=1, le=120)
    """Seconds after which a request is given up, from the first byte sent to the last received."""
    allow_private_addresses: bool = False
    """Whether loopback and private networks may be crawled: for tests and the demo."""

    @model_validator(mode="after")
    def _polite(self) -> Self:
        if self.delay < 1 and not self.allow_private_addresses:
            raise ValueError("delay below 1 second is only for allow_private_addresses = true")
        return self

    @property
    def user_agent(self) -> str:
        """How the crawler names itself to a site."""
        return f"Vigie/{VERSION} (press monitor; {self.contact or 'no contact given'})"


class Crawl(_Table):
    """How much is crawled at once and in one run."""

    parallel: int = Field(default=32, ge=1, le=1000)
    """Sources crawled at a time."""
    max_pages: int = Field(default=200, ge=1)
    """Article pages fetched from one source in one run."""
    since: Annotated[str, AfterValidator(_check_duration)] = "30d"
    """Announced articles older than this are left alone."""
    recheck: bool = True
    """Whether articles are looked at again after 1, 3 and 10 days."""


class ArchiveTable(_Table):
    """What is kept."""

    keep_raw: Literal["flagged", "all", "none"] = "flagged"
    """Which pages are kept as fetched, beside their text."""


Mailbox = Annotated[str, Field(pattern=r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+$")]
"""An address such as `veille@exemple.org`, ASCII alone, without a name before it."""


class Mail(_Table):
    """How the digest is sent; the password comes from the environment, VIGIE_MAIL_PASSWORD."""

    host: str | None = Field(default=None, pattern=r"^\S+$")
    """The server that takes the mail; None when none is to be sent."""
    port: int = Field(default=587, ge=1, le=65_535)
    tls: Literal["starttls", "tls", "none"] = "starttls"
    """starttls (usually port 587), tls from the first byte (465), or none, without a user."""
    user: str | None = None
    sender: Mailbox | None = None
    to: tuple[Mailbox, ...] = ()

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.host and not (self.sender and self.to):
            raise ValueError("host needs sender and to")
        return self


class Notify(_Table):
    """Where a short notice of the digest goes."""

    urls: tuple[str, ...] = ()
    """Addresses of apprise, such as `tgram://…`; they hold secrets."""


class Paths(_Table):
    """Where the user's own catalogue and rules are, if not the shipped ones."""

    sources: Path | None = None
    rules: Path | None = None


class Config(_Table):
    """The tables of `vigie.toml`."""

    fetch: Fetch = Fetch()
    crawl: Crawl = Crawl()
    archive: ArchiveTable = ArchiveTable()
    mail: Mail = Mail()
    notify: Notify = Notify()
    paths: Paths = Paths()


def default_config() -> Path | None:
    """Return `vigie.toml` of the current folder, None where there is none."""
    path = Path("vigie.toml")
    return path if path.is_file() else None


def load_config(path: Path | None) -> Config:
    """Read a configuration, the defaults when there is none.

    Paths in it are relative to its folder.
    Raises ConfigError, which lists every problem at once.
    """
    if path is None:
        return Config()
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        config = Config.model_validate(document)
    except OSError as e:
        raise ConfigError(f"{path}: cannot be read ({e.strerror})") from e
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as e:
        raise ConfigError(f"{path}: not valid TOML ({e})") from e
    except ValidationError as e:
        problems = [
            f"{path}: {'.'.join(map(str, error['loc']))}: {error['msg']}" for error in e.errors()
        ]
        raise ConfigError("\n".join(problems)) from e
    return _resolve(config, path.resolve().parent)


def _resolve(config: Config, folder: Path) -> Config:
    paths = {
        name: None if value is None else folder / value
        for name, value in config.paths.model_dump().items()
    }
    return config.model_copy(update={"paths": Paths(**paths)})
