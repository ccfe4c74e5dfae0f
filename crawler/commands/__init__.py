"""Commands: what `vigie` does, one module each."""
