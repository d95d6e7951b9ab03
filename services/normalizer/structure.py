"""Parts of an article by layout and wording: title, breadcrumbs, page dates, dateline, byline, source line, headings."""

from __future__ import annotations

import re

from services.contracts.normalized import DateFound
from services.language.characters import reading
from services.normalizer import dates
from services.normalizer.draft import Draft, Line

_STOPS = "।॥.!?…|"
_CLOSERS = "\"'”’»)]"
_BULLET = re.compile(r"(?:[-–—•●▪■◆►▶*➤✓→]|\(?[0-9०-९]{1,2}[.)])\s*(?=\S)")
_TITLE_WORDS = 30
_BODY_WORDS = 25


def ends_sentence(text: str) -> bool:
    """Whether the line ends with a sentence's sign, quotes and brackets aside."""
    bare = text.rstrip(_CLOSERS + " ")
    return bool(bare) and bare[-1] in _STOPS


def find_title(draft: Draft) -> None:
    """Move the headline out of the lines: a copy of the given title, or a first line that is set like one."""
    if draft.title:
        title = draft.title.strip()
        key = _title_key(title)
        for line in draft.lines[:6]:
            if _title_key(line.text) == key:
                draft.lines.remove(line)
                draft.remove(line, "repeated" if line.kind is None else "title")
                break
        return
    if len(draft.lines) < 2 or draft.lines[0].kind not in (None, "heading"):
        return
    first, second = draft.lines[0], draft.lines[1]
    count = len(first.text.split())
    if not 3 <= count <= _TITLE_WORDS or _stops(first.text) or _BULLET.match(first.text):
        return
    body = sum(len(line.text.split()) for line in draft.lines[1:])
    if body < _BODY_WORDS or not any(ends_sentence(line.text) for line in draft.lines[1:4]):
        return
    if not second.gap and len(second.text.split()) <= count:
        return
    draft.title = _trim_title(first.text)
    rest = first.text[len(draft.title) :].strip()
    if rest:
        draft.remove(first, "signs", rest)
    draft.lines.pop(0)


def _stops(text: str) -> bool:
    """Whether the line ends like a statement; a question, an outcry or dots may close a headline."""
    bare = text.rstrip(_CLOSERS + " ")
    return bare[-1:] in "।॥." and not bare.endswith("..")


def _trim_title(text: str) -> str:
    return re.sub(r"\s+[–—|:-]+$", "", text).strip()


def _title_key(text: str) -> str:
    return reading(text).strip(" .-–—|:!?'")


def take_page_lines(draft: Draft) -> None:
    """Breadcrumbs before the headline and dates that stand alone go; a date with a word for publication is evidence."""
    kept: list[Line] = []
    for index, line in enumerate(draft.lines):
        text = line.text
        if index < 12 and len(text) < 120 and _date_line(draft, line):
            continue
        kept.append(line)
    draft.lines = kept


_PUBLISHED = re.compile(
    r"(?:published|posted|first published|publish date|date|प्रकाशित|पब्लिश|publish|प्रकाशन तिथि|published on|posted on|created)\b"
)
_UPDATED = re.compile(r"(?:last )?(?:updated?|modified|edited)\b|अपडेट|अपडेटेड|अद्यतन|संशोधित")
_DATE_WORDS = re.compile(
    r"[\d:,./|()+-]+|\b(?:st|nd|rd|th|of|on|at|by|am|pm|a|p|m|ist|gmt|utc|est|edt|pst|pdt|et|bst|hrs|hours|date|time|last|first|"
    r"updated?|published|publish|posted|modified|edited|created|min|read|"
    r"mon|tue|wed|thu|fri|sat|sun|mon|tues|wednes|thurs|satur|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b"
    r"|सोमवार|मंगलवार|बुधवार|गुरुवार|बृहस्पतिवार|शुक्रवार|शनिवार|रविवार|सोम|मंगल|बुध|गुरु|शुक्र|शनि|रवि"
    r"|प्रकाशित|पब्लिश|अपडेटेड|अपडेट|अद्यतन|तिथि|प्रकाशन|समय|दिनांक|तारीख|बजे|सुबह|शाम|रात|दोपहर|को"
)


_HAS_DIGIT = re.compile("[0-9]")


def _date_line(draft: Draft, line: Line) -> bool:
    """Take out a line that holds a date and nothing else, and note what kind of date it is."""
    read = line.read
    if _HAS_DIGIT.search(read) is None:
        return False
    day = dates.find_day(read)
    if day is None:
        return False
    rest = _DATE_WORDS.sub(" ", read)
    rest = " ".join(w for w in rest.split() if w.strip("-–—|'") and w.strip(".,'") not in dates.months())
    if rest:
        return False
    published = bool(_PUBLISHED.search(read)) and not _UPDATED.match(read)
    draft.remove(line, "publication-date" if published else "page-date")
    draft.dates.append(
        DateFound(role="published" if published else "page", value=day.edtf(), source="page", evidence=line.text)
    )
    return True


def breadcrumbs(draft: Draft) -> None:
    """Take out a line of site sections before the headline that ends in (a beginning of) the headline itself."""
    if not draft.title:
        return
    key = _title_key(draft.title)
    kept: list[Line] = []
    for index, line in enumerate(draft.lines):
        at = _cut_title(line.read, key) if index < 6 else None
        if at is None:
            kept.append(line)
            continue
        head = line.text[: max(at, 0)].strip()
        if head:
            draft.remove(line, "navigation", head)
        draft.remove(line, "repeated", line.text[max(at, 0) :].strip())
    draft.lines = kept


def _cut_title(read: str, key: str) -> int | None:
    """Where the headline begins in a breadcrumb line; None when the line is not one."""
    bare = read.rstrip(" .")
    for size in (len(key), 48, 24):
        if size < 16 or len(key) < size:
            continue
        at = bare.find(key[:size])
        if 0 <= at <= 60 and key.startswith(bare[at:]):
            return at
    return None


def lead_breadcrumb(draft: Draft) -> None:
    """A line of site sections that runs into the headline of a following line, when no title was sent."""
    for index in range(min(5, len(draft.lines) - 1)):
        line = draft.lines[index]
        if len(line.text) > 300:
            return
        for after in draft.lines[index + 1 : index + 3]:
            key = _title_key(after.text)
            at = _cut_title(line.read, key)
            if at is None or (at == 0 and not line.read.endswith("..")):
                continue
            draft.title = _trim_title(after.text)
            rest = after.text[len(draft.title) :].strip()
            if rest:
                draft.remove(after, "signs", rest)
            draft.lines.remove(after)
            return


_BYLINE = re.compile(
    r"(?:(?:written|reported|edited|posted|published|compiled|story) by\b|by [A-Z][\w.'-]+(?: [A-Z][\w.'-]+){0,4}\s*(?:[,|]|$)"
    r"|(?:रिपोर्ट|रिपोर्टर|लेखक|संपादक|सम्पादक|संवाददाता|एडिटेड बाय|रिटेन बाय|लेखिका|प्रस्तुति|द्वारा)\s*[:：–-]"
    r"|(?:हमारे|विशेष|वरिष्ठ) संवाददाता\b|डिजिटल डेस्क\b)",
)
_BYLINE_CASE = re.compile(r"By [A-Z]|(?i:written|reported|edited|posted|published|compiled) (?i:by)\b")
_CREDIT = re.compile(
    r"[(\[]?\s*(?:(?:source|inputs?|with inputs? from|agency|agencies|courtesy)\b\s*[:–-]?"
    r"|(?:इनपुट|सोर्स|स्रोत|साभार|एजेंसी|एजेंसियां|एजेंसी इनपुट|सूत्र)\s*[:–-]"
    r"|(?:.{2,40} )?(?:इनपुट के साथ|के इनपुट के साथ|से इनपुट)|(?:भाषा|एजेंसी|वार्ता|आईएएनएस|एएनआई|पीटीआई|PTI|ANI|IANS|Agencies|AP|AFP|Reuters)\s*[)\]]?$)",
    re.IGNORECASE,
)
_CAPTION = re.compile(
    r"[(\[]?\s*(?:photo|image|picture|photograph|file photo|representative image|representational image|caption|pic)\b\s*(?:[:|(/-]|credit|courtesy|by\b|$)"
    r"|[(\[]?\s*(?:फोटो|फ़ोटो|तस्वीर|चित्र|फाइल फोटो|फाइल तस्वीर|फाइल फ़ोटो|सांकेतिक तस्वीर|प्रतीकात्मक तस्वीर|प्रतीकात्मक फोटो)\s*(?:[:|(–-]|क्रेडिट|साभार|$|[)\]]$)"
    r"|.{3,80}[(\[](?:file photo|फाइल फोटो|फाइल|file|photo: [^)]{2,40}|फोटो: [^)]{2,40})[)\]]\s*$",
    re.IGNORECASE,
)
_AGENCY = r"(?P<agency>भाषा|वार्ता|एजेंसी|एजेंसियां|एपी|एएफपी|रॉयटर्स|रायटर|रायटर्स|आईएएनएस|एएनआई|पीटीआई|यूएनआई|शिन्हुआ|तास|स्पुतनिक|हिस|हि\.स\.|वेबदुनिया|PTI|ANI|IANS|UNI|AP|AFP|Reuters|REUTERS|Xinhua|TASS|Bloomberg|Agencies|Agency|DPA|dpa|EFE|Kyodo|Yonhap|Anadolu|AA|UPI|ANS)"
_PLACE = r"(?P<place>[^\s\d,:।().–—|/-][^\d:।()–—|/\n]{1,40}?)"
_DATELINE = re.compile(
    rf"{_PLACE}"
    rf"(?P<date>,\s*[^:।()–—|/\n]{{3,24}}?)?"
    rf"\s*(?:[(/\[]\s*{_AGENCY}(?:[/,][^)\]]{{1,30}})?\s*[)\]]\s*[-–—:।.]{{0,2}}|[-–—]{{1,2}}(?=\s)|[:।](?=\s)|\.(?=\s))\s*"
)
_NOT_PLACE = re.compile(
    r"(?:^|\s)(?:ने|है|हैं|था|थे|थी|में|की|के|का|को|से|पर|और|कि|said|says|the|is|was|are|were|of|and)(?:\s|$)", re.IGNORECASE
)


def dateline(text: str) -> tuple[int, str, str | None, str | None] | None:
    """The dateline that opens a paragraph: its end, place, agency and the words of its date; None without one."""
    match = _DATELINE.match(text[:120])
    if match is None or match.end() >= len(text):
        return None
    place, agency, words = match.group("place").strip(), match.group("agency"), match.group("date")
    if _NOT_PLACE.search(place) or len(place.split()) > 4:
        return None
    has_day = words is not None and dates.find_day(words) is not None
    if words and not has_day and (not agency and len(words.split()) > 3):
        return None
    if not agency and not has_day:
        sign = match.group(0).rstrip()[-1]
        if len(place.split()) > 3 or words or sign == ".":
            return None
        if sign in "–—-" and not (place.isupper() or "\u0900" <= place[0] <= "\u097f"):
            return None
        if sign == ":" and place.isascii() and not place[0].isupper():
            return None
    return match.end(), place, agency, words


def type_lines(draft: Draft) -> None:
    """Give every line a kind that its words and place tell, where the layout did not."""
    last = len(draft.lines) - 1
    for index, line in enumerate(draft.lines):
        if line.kind is None or line.kind == "paragraph":
            line.kind = _kind(draft, line, index, last)


def _kind(draft: Draft, line: Line, index: int, last: int) -> str:
    text = line.text
    if _BULLET.match(text):
        return "bullet"
    short = len(text) <= 160
    if short:
        if _BYLINE_CASE.match(text) or _BYLINE.match(text):
            if len(text.split()) <= 10 and not ends_sentence(text):
                return "byline"
        if len(text) <= 80 and _CREDIT.match(text) and (index >= last - 2 or index <= 2):
            return "source"
        if _CAPTION.match(text) and not ends_sentence(text.rstrip(")]")):
            return "caption"
    if text[0] in '"“‘«' and text.rstrip()[-1] in '"”’»':
        return "quote"
    if index < last and len(text) <= 200 and len(text.split()) <= 25 and not ends_sentence(text):
        return "heading"
    return "paragraph"
