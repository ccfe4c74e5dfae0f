"""Errors that a person can act on, worded for that person; the command gives each an exit code."""


class WrongInputError(Exception):
    """What the user gave cannot be used; the message says what, where and why. Exit code 2."""


class StorageError(Exception):
    """The archive cannot do what was asked; the message says what, where and what to do. Exit code 3."""


class ArchiveBusyError(StorageError):
    """Another crawl holds the archive."""
