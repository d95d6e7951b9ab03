"""An article on its way through the normalizer: lines with their place in the raw text, and what was taken out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from services.contracts.normalized import BlockKind, DateFound, Removed
from services.language import characters


@dataclass(slots=True)
class Line:
    """A line of the article: its clean text and the range of the decoded raw text that it came from."""

    text: str
    start: int | None = None
    end: int | None = None
    gap: bool = False  # a blank line, or a boundary of the page's layout, stands before it
    kind: BlockKind | None = None  # what the layout says it is; None where only the words can tell
    handle: str | None = None
    link: str | None = None
    repeats: int = 1
    _read: str | None = None

    @property
    def read(self) -> str:
        """Reading of the text, for comparison with wordings and other lines."""
        if self._read is None:
            self._read = characters.line_reading(self.text)
        return self._read

    def become(self, text: str) -> None:
        """Change the text."""
        self.text, self._read = text, None


@dataclass(slots=True)
class Draft:
    """What is known of an article so far; every step reads and changes it in place."""

    raw: str
    lines: list[Line]
    format: str = "text"
    extracted: bool = False  # the lines come from the extraction of a page, which went by its layout
    id: str | None = None
    url: str | None = None
    source: str | None = None
    title: str | None = None
    author: str | None = None
    published: str | None = None
    crawled: str | None = None
    language_hint: str | None = None
    removed: list[Removed] = field(default_factory=list)
    repairs: list[str] = field(default_factory=list)
    dates: list[DateFound] = field(default_factory=list)
    notes: dict[str, int] = field(default_factory=dict)

    def remove(self, line: Line, reason: str, text: str | None = None) -> None:
        """List `line` (or the part `text` of it) as removed; taking it out of `lines` is the caller's."""
        self.removed.append(
            Removed(reason=reason, text=line.text if text is None else text, raw_start=line.start, raw_end=line.end)
        )

    def keep(self, wanted: Callable[[Line], str | None]) -> None:
        """Take out every line for which `wanted` gives a reason."""
        kept: list[Line] = []
        for line in self.lines:
            reason = wanted(line)
            if reason is None:
                kept.append(line)
            else:
                self.remove(line, reason)
        self.lines = kept

    def shorten_to(self, line: Line, body: str) -> None:
        """Keep the part `body` of a line only, and move the raw range along; listing the rest is the caller's."""
        found = _locate(self.raw, line.start, line.end, body)
        line.become(body)
        line.start, line.end = found

    def shorten(self, line: Line, start: int, end: int, reason: str) -> None:
        """Keep `line.text[start:end]` only, list the rest as removed, and move the raw range along."""
        text = line.text
        head, body, tail = text[:start].strip(), text[start:end].strip(), text[end:].strip()
        raw_start, raw_end = line.start, line.end
        found = _locate(self.raw, raw_start, raw_end, body)
        for part in (head, tail):
            if part:
                place = _locate(self.raw, raw_start, raw_end, part)
                self.removed.append(Removed(reason=reason, text=part, raw_start=place[0], raw_end=place[1]))
        line.become(body)
        line.start, line.end = found


def _locate(raw: str, start: int | None, end: int | None, part: str) -> tuple[int | None, int | None]:
    """Where `part` stands in `raw[start:end]`; the whole range when its characters were changed."""
    if start is None or end is None:
        return start, end
    at = raw.find(part, start, end)
    return (start, end) if at < 0 else (at, at + len(part))


def lines_of(raw: str, notes: dict[str, int]) -> list[Line]:
    """Non-empty clean lines of plain text with their readings, with gaps marked."""
    lines: list[Line] = []
    gap = False
    whole = characters.is_clean(raw)
    reads = characters.line_reading(raw).split("\n") if whole else None
    for index, (start, end) in enumerate(line_ranges(raw)):
        piece = raw[start:end]
        text = piece.strip() if whole else characters.clean(piece, notes)
        if not text:
            gap = True
            continue
        if len(piece) != len(text):
            left = len(piece) - len(piece.lstrip())
            start, end = start + left, start + len(piece.rstrip())
        line = Line(text, start, end, gap)
        if reads is not None:
            line._read = reads[index].strip()
        lines.append(line)
        gap = False
    return lines


def line_ranges(raw: str) -> Iterable[tuple[int, int]]:
    """Ranges of the lines of `raw` without their breaks, whatever kind of break stands there."""
    at = 0
    for match in characters.LINE_BREAK.finditer(raw):
        yield at, match.start()
        at = match.end()
    yield at, len(raw)
