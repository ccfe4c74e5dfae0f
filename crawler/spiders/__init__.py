"""Spiders: how the articles of a source are discovered."""
