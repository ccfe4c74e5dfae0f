"""Backfill: what sources published in a window of the past is discovered step by step, and fetched."""
