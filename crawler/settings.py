"""Settings: Scrapy's, with the flow of a page in one place.

`vigie` sets the environment variables read here from its options;
`scrapy crawl SLUG` takes them as they are.
"""

import os
from pathlib import Path

from crawler.config import default_config, load_config
from storage.times import parse_duration


def _config_path() -> Path | None:
    named = os.environ.get("VIGIE_CONFIG")
    if named:
        return Path(named)
    return default_config()


_config = load_config(_config_path())

VIGIE_DB = os.environ.get("VIGIE_DB", "vigie.db")
VIGIE_SOURCES = os.environ.get("VIGIE_SOURCES") or _config.paths.sources
VIGIE_RULES = str(_config.paths.rules) if _config.paths.rules else None
VIGIE_KEEP_RAW = _config.archive.keep_raw
VIGIE_MAX_PAGES = _config.crawl.max_pages
VIGIE_RECHECK = _config.crawl.recheck
VIGIE_SINCE = parse_duration(_config.crawl.since)
VIGIE_ALLOW_PRIVATE_ADDRESSES = _config.fetch.allow_private_addresses
VIGIE_RUN = None  # set by `vigie crawl`; without it a spider opens a run of its own

BOT_NAME = "vigie"
SPIDER_LOADER_CLASS = "crawler.spiders.loader.SourceLoader"

# A page: extract → language → flag → fingerprint in one trip to a worker, then dedupe → store.
ITEM_PIPELINES = {
    "pipelines.stages.ReadPipeline": 100,
    "pipelines.stages.StorePipeline": 500,
}

# Of Scrapy only what is named here is loaded, built for each source and asked for each page: not
# its cookies, retries and meta refresh, no proxy that would resolve names past the gate,
# no console that runs code, and nothing that a new version switches on.
EXTENSIONS_BASE: dict[str, int] = {}
DOWNLOADER_MIDDLEWARES_BASE: dict[str, int] = {}
SPIDER_MIDDLEWARES_BASE: dict[str, int] = {}
EXTENSIONS = {
    "scrapy.extensions.closespider.CloseSpider": 0,
    "scrapy.extensions.feedexport.FeedExporter": 0,
    "scrapy.extensions.memusage.MemoryUsage": 0,
    "crawler.polls.PollRecorder": 500,
}
SPIDER_MIDDLEWARES = {
    # Sends nothing here; without it every spider warns that redirects lack it.
    "scrapy.spidermiddlewares.referer.RefererMiddleware": 700,
}
DOWNLOADER_MIDDLEWARES = {
    "crawler.room.RoomMiddleware": 40,
    "crawler.manners.HostMiddleware": 50,
    "crawler.robots.KeptRobotsMiddleware": 100,
    "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": 350,
    "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 400,
    "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": 500,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": 590,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": 600,
    "scrapy.downloadermiddlewares.stats.DownloaderStats": 850,
}

# Manners
USER_AGENT = _config.fetch.user_agent
ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = "Vigie"
DOWNLOAD_DELAY = _config.fetch.delay
DOWNLOAD_DELAY_JITTER = 0
CONCURRENT_REQUESTS_PER_DOMAIN = 1
# Of one source: what waits in the downloader would still be sent after a host asked for a pause.
CONCURRENT_REQUESTS = 1
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "fr,en;q=0.3",
}
REFERRER_POLICY = "no-referrer"

# Bounds
DOWNLOAD_TIMEOUT = _config.fetch.timeout
DOWNLOAD_MAXSIZE = 5_000_000
DOWNLOAD_WARNSIZE = 0
REDIRECT_MAX_TIMES = 5
# Bytes of one source's pages that are read or wait for it before its next page is asked for: a page
# of usual size waits alone, and all that is held is a page of each source crawled at a time.
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 100_000
CONCURRENT_ITEMS = 1  # a response gives one item; Scrapy makes so many tasks for each response
MEMUSAGE_LIMIT_MB = 1000
DNS_TIMEOUT = _config.fetch.timeout / 2  # less, so that an unanswered name is told as such

# Safety
DNS_RESOLVER = "crawler.addresses.GuardedResolver"
DOWNLOAD_HANDLERS = {"data": None, "file": None, "ftp": None, "s3": None}
DOWNLOAD_VERIFY_CERTIFICATES = True

WARN_ON_GENERATOR_RETURN_VALUE = False  # parses our own source again for each spider

LOG_LEVEL = "INFO"
STATS_DUMP = False
