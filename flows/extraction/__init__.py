"""Reading: a page's bytes become an article, or a reason why there is none.

    bytes ── decoding ── markup (one parse) ──┬─ json_ld, meta_tags, microdata, headings: Claims
                                              └─ body: paragraphs
    Claims + what the feed claimed ── titles, times, authors, languages: pure deciders ── Article

Every witness says what a page claims and where; the deciders choose whom to believe. Nothing here
knows a site by name. `page.read_page` is the pure door; `pool.Readers` keeps it in processes that
can be killed.
"""

from flows.extraction.hints import READER_VERSION, Hints

__all__ = ["READER_VERSION", "Hints"]
