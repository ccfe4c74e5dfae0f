"""Storage: the archive, one SQLite file beneath everything else."""
