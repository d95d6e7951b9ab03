"""HTML pages: the article by trafilatura, as typed lines with their place in the source."""

from __future__ import annotations

import re
from collections.abc import Iterator

import trafilatura
from lxml import etree
from lxml.html import HtmlElement
from trafilatura.metadata import extract_metadata

from services.contracts.normalized import BlockKind, Removed
from services.contracts.stage import Reject
from services.language import characters
from services.normalizer import metadata
from services.normalizer.draft import Draft, Line
from services.normalizer.visible import Visible

_KINDS: dict[str, BlockKind | None] = {
    "head": "heading", "p": None, "item": "bullet", "quote": "quote", "cell": "table", "row": "table", "code": None,
    "ab": None,
}  # fmt: skip
_BREAK_TAGS = "p div br section article header footer ul ol table body figure"
_HEAD_TAGS = "h1 h2 h3 h4 h5 h6"
_BREAKS: dict[str, BlockKind | None] = {
    **dict.fromkeys(_BREAK_TAGS.split()),
    **dict.fromkeys(_HEAD_TAGS.split(), "heading"),
    "li": "bullet", "blockquote": "quote", "figcaption": "caption", "tr": "table",
}  # fmt: skip
_SILENT = frozenset(
    ("script", "style", "noscript", "template", "head", "title", "svg", "nav", "form", "button", "iframe")
)
_FRAME = re.compile("<(?:html|body|article|main)\\b", re.IGNORECASE)
_DEEPEST = 400  # nesting; no article is deeper, and recursion must end
_STATUS = re.compile(r"https?://(?:www\.|mobile\.)?(?:twitter|x)\.com/(\w{1,30})/status(?:es)?/\d+")
_INSTAGRAM = re.compile(r"https?://(?:www\.)?instagram\.com/(?:p|reel|tv)/[\w-]+")
_DATES = {"extensive_search": False, "original_date": True}


def read(html: str, url: str | None = None) -> Draft:
    """A draft of the article on a page; raises Reject when there is none."""
    tree = _tree(html)
    posts = _take_posts(tree)
    captions = {
        characters.reading(" ".join(element.itertext()))
        for element in tree.iter("figcaption")
        if isinstance(element.tag, str)
    }
    page = extract_metadata(tree, url, dict(_DATES))
    draft = Draft(html, [], format="html")
    if _FRAME.search(html):
        found = trafilatura.bare_extraction(tree, url=url, include_comments=False)
        body = getattr(found, "body", None)
        draft.lines = _lines(body) if body is not None else []
        draft.extracted = bool(draft.lines)
    if not draft.lines:  # a piece of HTML is the article itself, and a page without one may be one for all we know
        draft.lines = _all_lines(tree)
    if not draft.lines:
        raise Reject("empty-text", "no article was found on the page")
    _type(draft, posts, captions)
    _place(draft)
    draft.title, draft.author, draft.source = page.title, page.author, page.sitename
    draft.url = page.url if page.url and page.url.startswith("http") else url
    draft.dates = metadata.published(tree, draft.url or url)
    draft.language_hint = metadata.language_hint(tree)
    return draft


def _tree(html: str) -> HtmlElement:
    try:
        tree = trafilatura.load_html(html)
    except (ValueError, etree.LxmlError, RecursionError) as error:
        raise Reject("bad-html", f"the page cannot be parsed: {error}") from None
    if tree is None:
        raise Reject("empty-text", "no article was found on the page")
    return tree


class Post:
    """An embedded post of the page: its words, account and link."""

    def __init__(self, text: str, handle: str | None, link: str | None) -> None:
        self.text, self.handle, self.link = text, handle, link


def _take_posts(tree: HtmlElement) -> dict[str, Post]:
    """Replace embedded posts by a paragraph of their words, so that extraction keeps them; keyed by reading."""
    posts: dict[str, Post] = {}
    for element in list(tree.iter("blockquote")):
        marks = element.get("class") or ""
        if "twitter-" not in marks and "instagram-media" not in marks and "bluesky-embed" not in marks:
            continue
        links = [a.get("href") or "" for a in element.iter("a")]
        link = next((v for v in links if _STATUS.match(v) or _INSTAGRAM.match(v)), None)
        status = _STATUS.match(link) if link else None
        signature = re.search(r"\(@(\w{1,30})\)", " ".join(element.itertext()))
        handle = signature.group(1) if signature else status.group(1) if status else None
        words = " ".join(" ".join(p.itertext()) for p in element.iter("p"))
        text = characters.clean(" ".join(re.sub(r"(?:https?://t\.co/|pic\.twitter\.com/)\w+", "", words).split()))
        paragraph = etree.Element("p")
        paragraph.text = text
        paragraph.tail = element.tail
        parent = element.getparent()
        if parent is None:
            continue
        parent.replace(element, paragraph)
        if text:
            posts[characters.reading(text)] = Post(text, handle, link)
    return posts


def _lines(body: etree._Element) -> list[Line]:
    """Lines of trafilatura's body, with the kind its mark-up tells."""
    lines: list[Line] = []
    for kind, words in _texts(body, None, 0):
        for part in characters.LINE_BREAK.split(words):
            text = characters.clean(part)
            if text:
                lines.append(Line(text, kind=kind, gap=True))
    return lines


def _texts(element: etree._Element, kind: BlockKind | None, depth: int) -> Iterator[tuple[BlockKind | None, str]]:
    """(kind, text) of the leaves that hold words, in order; a table gives a line a row."""
    if depth > _DEEPEST:
        return
    if element.tag == "row":
        cells = (" ".join(" ".join(cell.itertext()).split()) for cell in element)
        yield "table", " | ".join(c for c in cells if c)
        return
    run: list[str] = [element.text or ""]
    for child in element:
        if child.tag in ("hi", "ref", "del", "span"):
            run.append("".join(child.itertext()))
        elif child.tag == "lb":
            run.append("\n")
        elif child.tag != "graphic":
            if "".join(run).strip():
                yield kind, "".join(run)
            run = []
            yield from _texts(child, _KINDS.get(str(child.tag), kind), depth + 1)
        run.append(child.tail or "")
    if "".join(run).strip():
        yield kind, "".join(run)


def _all_lines(tree: HtmlElement) -> list[Line]:
    """Lines of all visible text, broken where the mark-up breaks them."""
    lines: list[Line] = []
    run: list[str] = []

    def close(kind: BlockKind | None) -> None:
        for part in characters.LINE_BREAK.split("".join(run)) if kind != "table" else [" ".join(run)]:
            text = characters.clean(" ".join(part.split()))
            if text:
                lines.append(Line(text, kind=kind, gap=True))
        run.clear()

    kind: BlockKind | None = None
    for event, element in etree.iterwalk(tree, events=("start", "end", "comment", "pi")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            if tag in _BREAKS:
                close(kind)
                kind = _BREAKS[tag]
            if tag not in _SILENT:
                run.append(" ".join((element.text or "").split("\n")))
        else:
            if tag in _BREAKS:
                close(kind)
                kind = None
            parent = element.getparent()
            if parent is not None and parent.tag not in _SILENT:
                run.append(" ".join((element.tail or "").split("\n")))
    close(kind)
    return lines


def _type(draft: Draft, posts: dict[str, Post], captions: set[str]) -> None:
    """Mark the lines that are embedded posts or captions, and list the posts that extraction left out."""
    for line in draft.lines:
        post = posts.pop(line.read, None)
        if post:
            line.kind, line.handle, line.link = "embed", post.handle, post.link
        elif line.read in captions:
            line.kind = "caption"
    for post in posts.values():
        draft.removed.append(Removed(reason="embed-left-out", text=post.text))


def _place(draft: Draft) -> None:
    """Find every line in the source, and list what of the visible page is in none."""
    visible = Visible(draft.raw)
    at = 0
    covered: list[tuple[int, int]] = []
    for line in draft.lines:
        span = visible.find(line.text, at) or _row(visible, line, at)
        if span is None:
            continue
        line.start, line.end = visible.place(*span)
        covered.append(span)
        at = max(at, span[1])
    at = 0
    for start, end in [*sorted(covered), (len(visible.text), len(visible.text))]:
        if start - at > 1:
            place = visible.place(at, start)
            draft.removed.append(
                Removed(reason="layout", text=visible.words(at, start), raw_start=place[0], raw_end=place[1])
            )
        at = max(at, end)


def _row(visible: Visible, line: Line, at: int) -> tuple[int, int] | None:
    """Where a row of a table stands: from its first cell to its last."""
    cells = line.text.split(" | ")
    if line.kind != "table" or len(cells) < 2:
        return None
    first = visible.find(cells[0], at)
    last = visible.find(cells[-1], first[1]) if first else None
    return (first[0], last[1]) if first and last and last[1] > first[0] else None
