"""Matching: folded text, sentences, terms, queries, countries and scores."""
