"""Desk: the web page on which flagged stories are read and judged."""
