"""Rule sets: the rule files of a folder, checked and compiled."""

from __future__ import annotations

import hashlib
import tomllib
from functools import lru_cache
from pathlib import Path

import attrs
from pydantic import ValidationError

from pipelines.matching.compiler import compile_files
from pipelines.matching.engine import Engine, Rule
from pipelines.matching.errors import RuleError
from pipelines.matching.schema import RuleFile

SHIPPED = Path(__file__).parents[1] / "rules"

Sources = tuple[tuple[str, str], ...]
"""Names and contents of the rule files, sorted by name."""


@attrs.frozen(eq=False)
class RuleSet:
    """The rules that judge articles; pickled as text and compiled anew where it arrives."""

    digest: str
    """SHA-256 of the files' names and contents, in hexadecimal."""
    sources: Sources = attrs.field(repr=False)
    engine: Engine = attrs.field(repr=False)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules in the order of the files."""
        return self.engine.rules

    @property
    def lexicons(self) -> dict[str, tuple[str, ...]]:
        """The terms of each lexicon, other lexicons' terms included."""
        return self.engine.lexicons

    @property
    def text(self) -> str:
        """The rule files one after the other, each under its name."""
        return "\n".join(f"# {name}\n{content}" for name, content in self.sources)

    def __reduce__(self) -> tuple[object, tuple[Sources]]:
        return compile_sources, (self.sources,)


def load_rules(path: Path | None = None) -> RuleSet:
    """Load the rule set in a folder or a file, or the one shipped; raise `RuleError`.

    A rule set that was loaded before is compiled once per process.
    """
    path = SHIPPED if path is None else path
    files = sorted(path.glob("*.toml")) if path.is_dir() else [path]
    if not files:
        raise RuleError(f"{path}: the folder holds no .toml file")
    try:
        return compile_sources(tuple((one.name, one.read_text(encoding="utf-8")) for one in files))
    except (OSError, UnicodeDecodeError) as error:
        raise RuleError(f"{path}: cannot be read: {error}") from error


@lru_cache(maxsize=4)
def compile_sources(sources: Sources) -> RuleSet:
    """Compile a rule set from its files' names and contents; raise `RuleError`."""
    files = {name: _parsed(name, content) for name, content in sources}
    digest = hashlib.sha256()
    for name, content in sources:
        digest.update(f"{name}\0{content}\0".encode())
    return RuleSet(digest.hexdigest(), sources, compile_files(files))


def _parsed(name: str, content: str) -> RuleFile:
    try:
        data = tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        raise RuleError(f"{name}: {error}") from error
    try:
        return RuleFile.model_validate(data)
    except ValidationError as error:
        raise RuleError(f"{name}: {_reasons(data, error)}") from error


def _reasons(data: dict[str, object], error: ValidationError) -> str:
    """Say for the first fault which entry it is in, by its id where it has one."""
    fault = error.errors()[0]
    where: list[str] = []
    here: object = data
    for step in fault["loc"]:
        if isinstance(here, dict):
            here = here.get(step)
        elif isinstance(here, list) and isinstance(step, int) and step < len(here):
            here = here[step]
        named = isinstance(here, dict) and next(
            (here[key] for key in ("id", "code", "name") if key in here), None
        )
        where.append(str(named or step))
    return f"{': '.join(where)}: {fault['msg']}"
