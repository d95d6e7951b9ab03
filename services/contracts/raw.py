"""articles.raw: what a crawler sends. Everything but the content is optional."""

from __future__ import annotations

from pydantic import Field

from services.contracts.base import Contract


class RawArticle(Contract):
    """Varta's own raw article; one of `text` and `html` is needed.

    The topic also carries other formats as they are (HTML, ninjs, news-please JSON, plain text); the normalizer tells
    them apart by content type, then by content.
    """

    id: str | None = Field(None, description="the crawler's own id; part of the article's identity when given")
    url: str | None = None
    source: str | None = Field(None, description="name or host of the outlet")
    title: str | None = None
    text: str | None = None
    html: str | None = None
    author: str | None = None
    published: str | None = Field(
        None, description="ISO 8601 date or date-time of publication, as the crawler found it"
    )
    crawled: str | None = Field(None, description="ISO 8601 date-time of the crawl")
    language: str | None = Field(None, description="a hint in BCP 47; the text decides")
