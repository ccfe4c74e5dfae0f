"""Errors of the crawler, worded for the person who has to act on them."""

from storage.errors import WrongInputError


class SavedPagesError(WrongInputError):
    """A file or folder of saved pages cannot be used; the message says which and why."""
