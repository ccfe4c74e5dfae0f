"""Crawler: where articles are found, how they are fetched, and the command."""
