"""App: the desk as one ASGI application, Datasette with our plugin behind our guard."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from datasette.app import Datasette
from datasette.database import Database
from datasette.plugins import pm
from jinja2 import BaseLoader, Environment

from review.desk import failures, plugin
from review.desk.access import Access
from review.desk.desk_archive import DeskArchive
from review.desk.guard import App, Guard, Receive, Scope, Send, nonce
from review.desk.metadata import describe
from review.desk.session import DeskState
from storage.archive import Archive
from storage.connection import connect_readonly

NAME = "archive"
"""What Datasette calls the file, whatever the file's name."""
SETTINGS = {
    "sql_time_limit_ms": 1000,
    "facet_time_limit_ms": 500,
    "facet_suggest_time_limit_ms": 100,
    "max_returned_rows": 1000,
    "max_csv_mb": 20,
    "allow_download": False,
    "num_sql_threads": 2,
}
_SCRIPT = re.compile(r"<script(?=[\s>])")


def build_app(db: Path, access: Access, reviewer: str, language: str | None = None) -> App:
    """Return the desk over an archive that is there, which is migrated first.

    Raises StorageError when the file cannot be used.
    """
    Archive.reopen(db).close()
    if not pm.is_registered(plugin):
        pm.register(plugin, "vigie")
        pm.register(failures, "vigie-failures")
        failures.replace_datasettes()
    datasette = Datasette(metadata=describe(NAME), settings=SETTINGS)
    datasette.add_database(ArchiveDatabase(datasette, path=str(db), is_mutable=True), name=NAME)
    datasette.jinja_env.loader = NonceLoader(datasette.jinja_env.loader)
    datasette.jinja_env.globals["csp_nonce"] = nonce.get
    state = DeskState(archive=DeskArchive(db), reviewer=reviewer, language=language)
    return Guard(_with_state(datasette.app(), state), access)


class ArchiveDatabase(Database):  # type: ignore[misc]  # Datasette ships no types
    """The archive as Datasette reads it, by connections that cannot write."""

    def connect(self, write: bool = False) -> object:
        """Open a read-only connection; Datasette's own way to write is shut."""
        if write:
            raise RuntimeError("Datasette does not write to the archive")
        return connect_readonly(Path(self.path)).conn


class NonceLoader(BaseLoader):
    """Datasette's templates, whose inline scripts are given the nonce of the answer.

    The word is put into the template, before any value is, so that no value can bring one.
    """

    def __init__(self, loader: BaseLoader) -> None:
        self._loader = loader

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str | None, Callable[[], bool] | None]:
        """Return a template's source with a nonce on every script."""
        source, filename, is_current = self._loader.get_source(environment, template)
        return _SCRIPT.sub('<script nonce="{{ csp_nonce() }}"', source), filename, is_current

    def list_templates(self) -> list[str]:
        """Return the names of all templates."""
        return self._loader.list_templates()


def _with_state(app: App, state: DeskState) -> App:
    async def stateful(scope: Scope, receive: Receive, send: Send) -> None:
        scope["vigie"] = state
        await app(scope, receive, send)

    return stateful
