"""Where the words of a page stand in its source: the visible characters in order, each with its place."""

from __future__ import annotations

import html
import re
from bisect import bisect_right

_ENTITY = re.compile(r"&(?:#[xX]?[0-9a-fA-F]{1,7}|[a-zA-Z][a-zA-Z0-9]{1,31});?")
_HIDDEN = ("script", "style", "noscript", "template", "svg")
_NAME = re.compile(r"/?([a-zA-Z][a-zA-Z0-9]{0,20})")
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u2060\ufeff]+")
_ANCHOR = 32  # characters at either end of a block that are looked for when the whole is not found
_SHOWN = 240  # characters of a passed-over stretch that are listed


class Visible:
    """The visible characters of HTML without white space, and the way back into the source."""

    def __init__(self, source: str) -> None:
        self._pieces: list[str] = []
        self._starts: list[int] = []  # of each piece, in the visible text
        self._places: list[tuple[int, int]] = []  # of each piece, in the source
        self._size = 0
        self._source = source
        self._scan()
        self.text = "".join(self._pieces)

    def _add(self, piece: str, start: int, end: int) -> None:
        if piece:
            self._pieces.append(piece)
            self._starts.append(self._size)
            self._places.append((start, end))
            self._size += len(piece)

    def _scan(self) -> None:
        source, at, size = self._source, 0, len(self._source)
        lower = source.lower()
        if len(lower) != size:  # some capital letters grow when they are made small
            lower = source
        while at < size:
            tag = source.find("<", at)
            self._words(at, size if tag < 0 else tag)
            if tag < 0:
                return
            at = self._after_tag(lower, tag)

    def _after_tag(self, lower: str, tag: int) -> int:
        """The place after the tag or comment, or hidden element, that begins at `tag`."""
        size = len(lower)
        if lower.startswith("<!--", tag):
            end = lower.find("-->", tag + 4)
            return size if end < 0 else end + 3
        name = _NAME.match(lower, tag + 1)
        if name is None and not lower.startswith(("<!", "<?"), tag):
            self._add("<", tag, tag + 1)
            return tag + 1
        end = lower.find(">", tag)
        if end < 0:
            return size
        if name and name.group(1) in _HIDDEN and lower[tag + 1] != "/" and lower[end - 1] != "/":
            close = lower.find("</" + name.group(1), end)
            if close < 0:
                return size
            end = lower.find(">", close)
            return size if end < 0 else end + 1
        return end + 1

    def _words(self, start: int, end: int) -> None:
        """Add the visible text of a stretch without tags."""
        source = self._source
        if start >= end:
            return
        if source.find("&", start, end) < 0:
            self._plain(start, end)
            return
        at = start
        for match in _ENTITY.finditer(source, start, end):
            self._plain(at, match.start())
            self._add(_INVISIBLE.sub("", "".join(html.unescape(match.group()).split())), match.start(), match.end())
            at = match.end()
        self._plain(at, end)

    def _plain(self, start: int, end: int) -> None:
        piece = "".join(self._source[start:end].split())
        if piece and not piece.isascii():
            piece = _INVISIBLE.sub("", piece)
        self._add(piece, start, end)

    def find(self, text: str, after: int) -> tuple[int, int] | None:
        """Range of `text` among the visible characters, at or after `after` if it stands there, else anywhere."""
        key = _INVISIBLE.sub("", "".join(text.split()))
        if not key:
            return None
        at = self.text.find(key, after)
        if at < 0:
            at = self.text.find(key)
        if at >= 0:
            return at, at + len(key)
        if len(key) < 2 * _ANCHOR:
            return None
        first = self.text.find(key[:_ANCHOR], after)
        last = self.text.find(key[-_ANCHOR:], first) if first >= 0 else -1
        if last < 0 or last + _ANCHOR - first > 2 * len(key):
            return None
        return first, last + _ANCHOR

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Range in the source of the visible range `start:end` (not empty)."""
        first = bisect_right(self._starts, start) - 1
        last = bisect_right(self._starts, end - 1) - 1
        return self._at(first, start, low=True), self._at(last, end, low=False)

    def _at(self, piece: int, offset: int, *, low: bool) -> int:
        """Place in the source of the visible character at `offset`, or behind the one before it."""
        start, end = self._places[piece]
        inside = offset - self._starts[piece] - (0 if low else 1)
        if self._source[start] == "&":
            return start if low else end
        for place in range(start, end):  # white space and invisible signs are not among the visible characters
            char = self._source[place]
            if char.isspace() or _INVISIBLE.match(char):
                continue
            if inside == 0:
                return place if low else place + 1
            inside -= 1
        return start if low else end

    def words(self, start: int, end: int) -> str:
        """The first words of a visible range, with white space as in the source."""
        begin, stop = self.place(start, end)
        pieces: list[str] = []
        length = 0
        first = bisect_right(self._starts, start) - 1
        previous = begin
        for i in range(first, len(self._starts)):
            if self._starts[i] >= end or length > _SHOWN:
                break
            if self._places[i][0] > previous:
                pieces.append(" ")
            start_at, end_at = self._places[i]
            piece = (
                self._pieces[i] if self._source[start_at] == "&" else " ".join(self._source[start_at:end_at].split())
            )
            pieces.append(piece)
            length += len(piece)
            previous = self._places[i][1]
        text = "".join(pieces).strip()
        return text if length <= _SHOWN and previous >= stop else text[:_SHOWN] + "…"
