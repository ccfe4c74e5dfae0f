"""Driver: one crawl for which the names of `names.json` lead where that says, after a while or never.

Called as `names_driver.py FOLDER`; the folder holds vigie.toml, sources.toml and names.json, where
each name has an address, or null for a name that nobody knows, and the seconds that this takes.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import time
from pathlib import Path

folder = Path(sys.argv[1])
os.chdir(folder)
os.environ["SCRAPY_SETTINGS_MODULE"] = "crawler.settings"
os.environ["VIGIE_SOURCES"] = "sources.toml"

from scrapy.utils.project import get_project_settings  # noqa: E402 - after the environment

from crawler.catalogue import load_catalogue  # noqa: E402
from crawler.run import CrawlRun  # noqa: E402

NAMES = json.loads(Path("names.json").read_text(encoding="utf-8"))


def look_up(name: str) -> str:
    """Answer as the name server of a test would."""
    address, seconds = NAMES.get(name, (None, 0))
    time.sleep(seconds)
    if address is None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    return address


if __name__ == "__main__":
    socket.gethostbyname = look_up
    sources = load_catalogue(Path("sources.toml")).select()
    sys.exit(CrawlRun(get_project_settings(), sources, parallel=32).run("names").exit_code)
