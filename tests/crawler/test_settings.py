"""What of Scrapy a crawl is made of."""

from __future__ import annotations

import pytest
from scrapy.settings import Settings

USED = {
    "EXTENSIONS": ["CloseSpider", "FeedExporter", "MemoryUsage", "PollRecorder"],
    "SPIDER_MIDDLEWARES": ["RefererMiddleware"],
    "DOWNLOADER_MIDDLEWARES": [
        "RoomMiddleware",
        "HostMiddleware",
        "KeptRobotsMiddleware",
        "DownloadTimeoutMiddleware",
        "DefaultHeadersMiddleware",
        "UserAgentMiddleware",
        "HttpCompressionMiddleware",
        "RedirectMiddleware",
        "DownloaderStats",
    ],
}


@pytest.mark.parametrize("setting", USED)
def test_only_what_is_named_is_loaded(setting: str) -> None:
    settings = Settings()
    settings.setmodule("crawler.settings")

    used = settings.get_component_priority_dict_with_base(setting)

    names = sorted(used, key=lambda name: settings[setting][name])
    assert [name.rpartition(".")[2] for name in names] == USED[setting]
