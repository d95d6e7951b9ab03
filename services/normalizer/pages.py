"""HTML pages: the article by trafilatura, as typed lines with their place in the source."""

from __future__ import annotations

import trafilatura

from services.contracts.stage import Reject
from services.normalizer.draft import Draft, lines_of


def read(html: str, url: str | None = None) -> Draft:
    """A draft of the article on a page; raises Reject when there is none."""
    document = trafilatura.bare_extraction(html, url=url, with_metadata=True, include_comments=False)
    if document is None or not document.text:
        raise Reject("empty-text", "no article was found on the page")
    draft = Draft(document.text, [], format="html")
    draft.lines = lines_of(document.text, draft.notes)
    draft.title, draft.author, draft.url = document.title, document.author, document.url
    return draft
