"""Swept: what a web archive holds, read where the task is, with the source of each page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import attrs

from crawler.catalogue import Catalogue
from crawler.errors import SavedPagesError
from crawler.ingest.origin import page_of, source_at, sources_by_domain
from crawler.ingest.stretch import Selection, Stretch, read_stretch
from crawler.ingest.warcs import STRETCH, Warc, warcs_in
from pipelines.cluster.steps import Swept
from storage.records import SourceFacts


class SweptFiles:
    """Reads web archives as `vigie ingest` does; it can be pickled."""

    def __init__(self, catalogue: Catalogue, selection: Selection) -> None:
        self._by_domain = sources_by_domain(catalogue)
        self._selection = selection

    @property
    def digest(self) -> str:
        """What decides which pages are read and how they are judged, the rules aside."""
        known = sorted((domain, repr(s.facts)) for domain, s in self._by_domain.items())
        domains = sorted(self._selection.domains or ())
        return sha256(repr((known, domains)).encode()).hexdigest()

    def __call__(self, file: Path) -> Iterator[Swept]:
        """Yield what a file holds, stretch by stretch, in its order.

        Raises OSError when this machine does not have it: another one may.
        """
        file.open("rb").close()
        with TemporaryDirectory(prefix="vigie-") as folder:
            try:
                warcs = warcs_in(file, Path(folder))
            except SavedPagesError as e:
                yield Swept(pages=(), counts={"reason/broken": 1}, problems=(str(e),))
                return
            for warc in warcs:
                yield from self._stretches(warc)

    def _stretches(self, warc: Warc) -> Iterator[Swept]:
        position = 0
        while position < warc.size:
            end = min(position + STRETCH[warc.packed], warc.size)
            plan = Stretch(warc=warc, start=position, end=end, is_exact=True)
            found = read_stretch(plan, self._selection)
            yield Swept(
                pages=[page_of(page, source_at(page.url, self._by_domain)) for page in found.pages],
                counts=found.counts,
                problems=[f"{warc.swept.name}: {problem}" for problem in found.problems],
            )
            position = found.stop


def facts_of(row: Mapping[str, Any], catalogue: Catalogue) -> SourceFacts:
    """Return what the archive keeps of a row's source, which the catalogue may not have."""
    source = catalogue.get(row["source"]) or source_at(row["url"], {})
    return attrs.evolve(source.facts, slug=row["source"])
