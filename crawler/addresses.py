"""Addresses: the crawler speaks to the public Internet alone.

Twisted asks the resolver for literal addresses too, so this one gate sees every connection:
first requests, redirects, feeds, robots.txt, names that point inside, decimal and hex forms.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Sequence
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, ClassVar, Self

from scrapy.resolver import CachingThreadedResolver
from twisted.internet.error import DNSLookupError

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from twisted.internet.base import ReactorBase
    from twisted.internet.defer import Deferred


def spread_look_ups(reactor: Any, threads: int) -> None:
    """Let so many names be looked up at a time, none of which is waited for at the end.

    Twisted has ten threads and joins them: eleven names that nobody answers for would hold up all
    others, and then the end of the run.
    """
    pool = reactor.getThreadPool()
    pool.adjustPoolsize(maxthreads=threads)
    pool.threadFactory = functools.partial(threading.Thread, daemon=True)
    reactor.removeSystemEventTrigger(reactor.threadpoolShutdownID)


class GuardedResolver(CachingThreadedResolver):
    """Scrapy's resolver, refusing every answer that is not a public address."""

    allow_private = False
    blocked: ClassVar[set[str]] = set()
    """Names refused so far: Twisted reports them as names without an address."""

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> Self:
        """Build the resolver; `VIGIE_ALLOW_PRIVATE_ADDRESSES` alone opens the gate."""
        resolver = super().from_crawler(crawler, reactor)
        resolver.allow_private = crawler.settings.getbool("VIGIE_ALLOW_PRIVATE_ADDRESSES")
        return resolver

    def getHostByName(  # noqa: N802 - Twisted's name
        self, name: str, timeout: Sequence[int] = ()
    ) -> Deferred[str]:
        """Resolve a name, failing like an unknown name when the answer is not public."""
        answer = super().getHostByName(name, timeout)
        return answer if self.allow_private else answer.addCallback(self._public, name)

    def _public(self, address: str, name: str) -> str:
        if not ip_address(address).is_global or ip_address(address).is_multicast:
            self.blocked.add(name)
            raise DNSLookupError(f"{name} leads to {address}, which is private or local")
        return address
