"""Errors of the rules, worded for the person who writes them."""

from __future__ import annotations

from storage.errors import WrongInputError


class RuleError(WrongInputError, ValueError):
    """A rule set cannot be used; the message says which file, which entry and why."""


class TermError(ValueError):
    """A term cannot be looked for; the message names it and says why."""


class QueryError(WrongInputError, ValueError):
    """A query cannot be read; the message says why, and where."""

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(f"{message} (line {line}, column {column})")
        self.message = message
        self.line = line
        self.column = column
