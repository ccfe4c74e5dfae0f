"""Pipelines: what becomes of a page between its arrival and the archive."""
