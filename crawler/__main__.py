"""Main: `python -m crawler` is the `vigie` command."""

from crawler.commands.main import main

main()
