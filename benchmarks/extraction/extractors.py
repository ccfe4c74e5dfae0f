"""Extractors: the peers, each called in its own environment as its documentation has it.

    PYTHON extractors.py NAME < pages > texts

Reads JSON lines `{"url", "html"}` and writes JSON lines `{"text", "ms"}`, after one page to warm up.
"""

import json
import sys
import time


def newspaper4k(html, url):
    """newspaper4k, its language given, and without looking for the pictures on the Internet."""
    import newspaper

    return newspaper.article(url, input_html=html, language="fr", fetch_images=False).text


def readability_lxml(html, url):
    """readability-lxml; its result is HTML, whose text is taken by lxml."""
    import lxml.html
    from readability import Document

    return lxml.html.fromstring(Document(html, url=url).summary()).text_content()


def resiliparse(html, url):
    """resiliparse's extraction of the main content."""
    from resiliparse.extract.html2text import extract_plain_text

    return extract_plain_text(html, main_content=True, comments=False)


def trafilatura(html, url, **options):
    """trafilatura without comments."""
    import trafilatura as library

    return library.extract(html, url=url, include_comments=False, **options)


EXTRACTORS = {
    "newspaper4k": newspaper4k,
    "readability-lxml": readability_lxml,
    "resiliparse": resiliparse,
    "trafilatura": trafilatura,
    "trafilatura fast": lambda html, url: trafilatura(html, url, fast=True),
    "trafilatura precision": lambda html, url: trafilatura(html, url, favor_precision=True),
    "trafilatura recall": lambda html, url: trafilatura(html, url, favor_recall=True),
}


def timed(extract, page):
    """Return the text and the milliseconds of CPU of one page."""
    started = time.process_time()
    try:
        text = extract(page["html"], page["url"])
    except Exception as error:
        print(f"{page['url']}: {type(error).__name__}: {error}", file=sys.stderr)
        text = ""
    return {"text": text or "", "ms": (time.process_time() - started) * 1000}


def main():
    """Extract the text of each page."""
    extract = EXTRACTORS[sys.argv[1]]
    pages = [json.loads(line) for line in sys.stdin]
    timed(extract, pages[0])
    for page in pages:
        print(json.dumps(timed(extract, page)))


if __name__ == "__main__":
    main()
