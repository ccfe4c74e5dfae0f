"""Driver: one crawl with the gate shut, for which the names in `.test` alone lead to loopback.

Called as `gate_driver.py FOLDER`; the folder holds vigie.toml, sources.toml and direct.txt.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

folder = Path(sys.argv[1])
os.chdir(folder)
os.environ["SCRAPY_SETTINGS_MODULE"] = "crawler.settings"
os.environ["VIGIE_SOURCES"] = "sources.toml"

from scrapy.utils.project import get_project_settings  # noqa: E402 - after the environment
from twisted.internet.defer import succeed  # noqa: E402

from crawler.addresses import GuardedResolver  # noqa: E402
from crawler.catalogue import load_catalogue  # noqa: E402
from crawler.run import CrawlRun  # noqa: E402
from storage.archive import shared_archive  # noqa: E402
from storage.records import Link  # noqa: E402
from storage.times import now  # noqa: E402


class SiteResolver(GuardedResolver):
    """The real gate, except for the sites of the test."""

    def getHostByName(self, name: str, timeout=()):  # noqa: N802 - Twisted's name
        return succeed("127.0.0.1") if name.endswith(".test") else super().getHostByName(name)


if __name__ == "__main__":
    settings = get_project_settings()
    settings.set("DNS_RESOLVER", SiteResolver)
    settings.set("VIGIE_ALLOW_PRIVATE_ADDRESSES", value=False)
    sources = load_catalogue(Path("sources.toml")).select()
    archive = shared_archive(settings["VIGIE_DB"])
    archive.know_sources(source.facts for source in sources)
    lines = Path("direct.txt").read_text(encoding="utf-8").splitlines()
    links = [Link(url=line, discovered_by="given") for line in lines]
    archive.queue.add("site", links, now())
    CrawlRun(settings, sources, parallel=8).run("gate")
