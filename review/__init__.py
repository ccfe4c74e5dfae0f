"""Review: the desk where flagged articles are read, judged and counted, and the digest."""
