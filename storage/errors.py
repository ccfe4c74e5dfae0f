"""Errors of the archive, worded for the person who has to act on them."""


class StorageError(Exception):
    """The archive cannot do what was asked; the message says what, where and what to do."""


class ArchiveBusyError(StorageError):
    """Another crawl holds the archive."""
