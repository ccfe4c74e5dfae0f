"""Digest: the report of what is new, and of what was not seen."""
