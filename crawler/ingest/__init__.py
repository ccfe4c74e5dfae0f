"""Ingest: pages saved in files, from a single one to web archives of gigabytes, read and stored."""
