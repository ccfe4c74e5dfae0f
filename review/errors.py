"""Errors: what can go wrong in this package and that a user can act on."""

from storage.errors import WrongInputError


class ReviewError(WrongInputError):
    """The desk cannot do what was asked; the message says what, where and what to do."""
