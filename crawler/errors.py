"""Errors of the crawler, worded for the person who has to act on them."""


class SavedPagesError(Exception):
    """A file or folder of saved pages cannot be used; the message says which and why."""
