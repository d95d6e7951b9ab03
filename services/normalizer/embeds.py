"""Embedded posts: their words stay as typed blocks with account and link, the residue of their mark-up goes."""

from __future__ import annotations

import re

from services.normalizer.draft import Draft, Line

_LINK = re.compile(
    r"(?:https?://)?(?:pic\.twitter\.com/\w{1,40}|(?:www\.|mobile\.)?(?:twitter|x)\.com/\S{1,200}|t\.co/\w{1,40}"
    r"|(?:www\.)?(?:youtube\.com|youtu\.be|instagram\.com|facebook\.com|fb\.watch)/\S{1,200})"
)
_WATCH = re.compile(r"#[A-Z]{3,20}\s*(?:[|:।]\s*(?:[^|\"“']{1,60}\|\s*){0,3})?")
_SIGNATURE = re.compile(
    r"\s*[—–-]{1,2}\s*[^\s@()|][^@()|\n]{0,80}\(@(\w{1,30})\)\s*"
    r"(?:(?:[A-Z][a-z]{2,8}\.? \d{1,2}, \d{4})|(?:\d{1,2} [^\W\d]{2,12},? \d{4}))?\s*$"
)
_RESIDUE = re.compile(
    r"^\s*(?:source|सोर्स|video|वीडियो|image|credit)\s*[:=-].{0,80}?=\s*\"\".{0,120}$"
    r"|^\s*(?:view this post on instagram|a post shared by.{0,120}|twitter widget|loading tweet\S*)\s*$",
    re.IGNORECASE,
)
_LATIN = re.compile("^[^\u0900-\u097f]*$")
_SIGNS = ("#", "@", "=", "/", " post", " Post", "idget", "tweet")


def settle(draft: Draft) -> None:
    """Type the lines of embedded posts and take out what is not their words."""
    if not any(sign in draft.raw for sign in _SIGNS):
        return
    kept: list[Line] = []
    for line in draft.lines:
        if line.kind == "embed" or any(sign in line.text for sign in _SIGNS):
            settled = _settle(draft, line, kept)
            if settled is None:
                continue
        kept.append(line)
    draft.lines = kept


def _settle(draft: Draft, line: Line, before: list[Line]) -> Line | None:
    """The line as it stays, or None when nothing of it does."""
    text = line.text
    link = _LINK.search(text)
    signature = _SIGNATURE.search(text)
    watch = _WATCH.match(text)
    if _RESIDUE.match(text) or (link and not signature and len(text) < 160 and not _says(text, link)):
        if link:
            _pass_on(before, link.group())
        draft.remove(line, "embed-residue")
        return None
    picture = link is not None and link.group().startswith("pic.twitter.com")
    if not (line.kind == "embed" or signature or watch or picture):
        return line
    if signature and not text[: signature.start()].strip():  # the post itself is the line before
        if before and before[-1].kind in (None, "embed", "quote"):
            _mark(draft, before[-1], signature.group(1))
        draft.remove(line, "embed-residue")
        return None
    start = watch.end() if watch and "|" in watch.group() else 0
    _mark(draft, line, signature.group(1) if signature else None, start)
    return line if line.text else None


def _mark(draft: Draft, line: Line, handle: str | None, start: int = 0) -> None:
    """Make a line the words of a post, without signature and link."""
    text = line.text
    line.kind = "embed"
    line.handle = line.handle or handle
    signature, link = _SIGNATURE.search(text), _LINK.search(text)
    if link:
        line.link = line.link or link.group()
    near_end = [m for m in (signature, link) if m and m.start() >= start and m.end() >= len(text) - 120]
    end = min([len(text), *(m.start() for m in near_end)])
    if start or end < len(text):
        draft.shorten(line, start, end, "embed-residue")


def _says(text: str, link: re.Match[str]) -> bool:
    """Whether a line holds words beside its link."""
    rest = text[: link.start()] + text[link.end() :]
    return len(re.findall(r"\w{2,}", rest)) >= 3


def _pass_on(before: list[Line], link: str) -> None:
    """Give the link of a residue line to the post before it, and count the lines between them as its words."""
    for index in range(len(before) - 1, max(-1, len(before) - 5), -1):
        if before[index].kind == "embed":
            before[index].link = before[index].link or link
            between = before[index + 1 :]
            if all(line.kind is None and _LATIN.search(line.text) for line in between):
                for line in between:
                    line.kind = "embed"
            return
