"""articles.normalized: one clean text, its blocks, and everything that was removed."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from services.contracts.base import Contract, Edtf, Language, Offset, Script

BlockKind = Literal[
    "paragraph", "heading", "bullet", "quote", "table", "embed", "caption", "dateline", "byline", "source"
]


class Block(Contract):
    """A typed piece of the clean text, `text[start:end]`, and the range of the decoded raw text it came from."""

    kind: BlockKind
    start: Offset
    end: Offset
    raw_start: int | None = Field(
        None, description="code points in the decoded raw text; null where it cannot be known"
    )
    raw_end: int | None = None
    language: Language
    script: Script
    handle: str | None = Field(None, description="account of an embedded post")
    link: str | None = None
    repeats: int = Field(1, description="how often the raw text held this block")


class Removed(Contract):
    """Something that was in the raw article and is not in the clean text."""

    reason: str = Field(description="furniture, repeated, invisible, embed-residue, page-date …")
    text: str
    raw_start: int | None = None
    raw_end: int | None = None
    count: int = 1


class DateFound(Contract):
    """A date of the page with its evidence."""

    role: Literal["published", "crawled", "page"]
    value: Edtf
    source: str = Field(description="where it was read: field, metadata, dateline, url, page")
    evidence: str = ""


class NormalizedArticle(Contract):
    """An article after cleaning. All offsets of later stages refer to `text`, which never contains the title."""

    id: str
    url: str | None = None
    source: str | None = None
    host: str | None = None
    author: str | None = None
    title: str | None = None
    text: str
    language: Language
    language_tag: str | None = Field(None, description="BCP 47 tag of the language, also where `language` is other")
    script: Script
    published: str | None = Field(None, description="ISO 8601 date or date-time of publication; null when not known")
    crawled: str | None = None
    dates: list[DateFound] = []
    dateline_place: str | None = None
    agency: str | None = None
    blocks: list[Block] = []
    removed: list[Removed] = []
    repairs: list[str] = Field([], description="what was repaired in the encoding, in words")
    content_hash: str
    format: str = Field("text", description="detected format: varta, text, html, ninjs, news-please, warc")
    collection: str | None = None
