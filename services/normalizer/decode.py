"""Bytes to text: the charset by mark, header, meta and content; damage repaired and reported; old fonts refused."""

from __future__ import annotations

import codecs
import re
from functools import cache
from typing import Any, NamedTuple

from services.contracts.stage import Reject
from services.normalizer.tables import table

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_META = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})|<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w.:-]{2,40})",
    re.I,
)
_LATIN_PAGE = re.compile(
    "cp125[0247]|latin_?1|iso8859_(?:1|2|3|4|9|1[0-6])|mac_(?:roman|iceland|latin2|turkish)|cp(?:437|850|858)"
)
_BINARY = bytes(set(range(0x20)) - {0x09, 0x0A, 0x0C, 0x0D, 0x1B})
_STRAY = 0.02  # share of bytes that are no UTF-8 in a text that is UTF-8 all the same
_SAMPLE = 65_536

# What UTF-8 looks like when it was read as Windows-1252: Devanagari, quotes and dashes, accented letters.
_MOJIBAKE = re.compile(
    "à[¤¥][^\\sA-Za-z0-9]|â€[\u0080-\u009f™œ\u201c\u201d˜¦\u2018\u2019“”]|Ã[\u0080-\u00bf\u0152-\u0161]|Â[\u00a0-\u00bf]"
)
_LEADS = ("à¤", "à¥", "â€", "Ã", "Â")
_FIX: dict[str, Any] = {
    "unescape_html": False,
    "remove_terminal_escapes": False,
    "fix_latin_ligatures": False,
    "fix_character_width": False,
    "uncurl_quotes": False,
    "fix_line_breaks": False,
    "remove_control_chars": False,
    "normalization": None,
    "explain": True,
}


class Decoded(NamedTuple):
    """A decoded text and what was repaired, in words."""

    text: str
    repairs: list[str]


def decode(value: bytes, content_type: str | None = None) -> Decoded:
    """Text of `value` in the charset that fits; raises Reject when it is no text in any."""
    for mark, name in _MARKS:
        if value.startswith(mark):
            return _with(
                value[len(mark) :], name, [] if name == "utf-8" else [f"charset {name}, by its byte order mark"]
            )
    wide = _wide(value)
    if wide:
        return _with(value, wide, [f"charset {wide}, by the pattern of its bytes"])
    try:
        return mended(value.decode("utf-8"), [])
    except UnicodeDecodeError:
        pass
    sample = value[:_SAMPLE]
    if sum(sample.count(b) for b in _BINARY) > len(sample) * 0.01:
        raise Reject("undecodable", "the value is binary data, not text")
    told = _told(value, content_type)
    if told is None or told == "utf-8":
        stray = _stray(value)
        if stray is not None:
            return stray
    if told and told != "utf-8":
        try:
            return mended(value.decode(told), [f"charset {told}, as told"])
        except UnicodeDecodeError:
            pass
    from charset_normalizer import from_bytes  # here, as few messages need it and its import takes long

    best = from_bytes(sample).best()
    if best is None:
        raise Reject("undecodable", "the bytes are text in no charset that is known here")
    # the Latin code pages differ in letters that Hindi and English news does not hold
    name = "cp1252" if _LATIN_PAGE.fullmatch(best.encoding) else best.encoding
    return _with(value, name, [f"charset {name}, guessed from the content"])


def _with(value: bytes, name: str, repairs: list[str]) -> Decoded:
    text = value.decode(name, errors="replace")
    broken = text.count("\ufffd") - value.count(b"\xef\xbf\xbd")
    if broken > max(2, len(text) * _STRAY):
        raise Reject("undecodable", f"{broken} characters cannot be read as {name}")
    if broken > 0:
        repairs.append(f"{broken} broken characters replaced")
    return mended(text, repairs)


def _told(value: bytes, content_type: str | None) -> str | None:
    """The charset that header or page names, by its Python name; None when none is named or known."""
    header = _HEADER.search(content_type or "")
    meta = _META.search(value[:4096])
    for name in (header and header.group(1), meta and (meta.group(1) or meta.group(2)).decode("ascii", "replace")):
        try:
            known = codecs.lookup(name).name if name else None
        except LookupError:
            continue
        if known:
            return {"iso8859-1": "cp1252", "ascii": "utf-8"}.get(known, known)
    return None


def _wide(value: bytes) -> str | None:
    """UTF-16 without a mark: every other byte is zero, or the high byte of Devanagari."""
    sample = value[:4096]
    if len(sample) < 8:
        return None
    for offset, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        high = sample[offset::2]
        if high.count(0) + high.count(9) > len(high) * 0.7 and high.count(0) + high.count(9) > 4:
            low = sample[1 - offset :: 2]
            if low.count(0) < len(low) * 0.3:
                return name
    return None


def _stray(value: bytes) -> Decoded | None:
    """UTF-8 with a few bytes that are none, each read as Windows-1252; None when there are too many."""
    parts: list[str] = []
    at = 0
    strays = 0
    most = max(3, int(len(value) * _STRAY))
    while at < len(value):
        try:
            parts.append(value[at:].decode("utf-8") if at else value.decode("utf-8"))
            break
        except UnicodeDecodeError as error:
            bad = value[at + error.start : at + error.end]
            parts.append(value[at : at + error.start].decode("utf-8"))
            parts.append(bad.decode("cp1252", errors="replace"))
            at += error.end
            strays += len(bad)
            if strays > most or strays > 2000:
                return None
    good = sum(1 for byte in value[:_SAMPLE] if byte >= 0xC2)
    if good < strays:  # nothing of it looks like UTF-8 beyond ASCII
        return None
    return mended("".join(parts), [f"{strays} stray bytes in UTF-8 read as Windows-1252"])


def mended(text: str, repairs: list[str]) -> Decoded:
    """`text` with UTF-8 that was once read as Windows-1252 read rightly."""
    if any(sign in text for sign in _LEADS) and _MOJIBAKE.search(text):
        import ftfy  # here, as few messages need it and its import takes long

        fixed, steps = ftfy.fix_and_explain(text, ftfy.TextFixerConfig(**_FIX))
        if fixed != text:
            how = ", ".join(
                dict.fromkeys(step.parameter for step in steps or [] if step.action in ("encode", "decode"))
            )
            left = len(_MOJIBAKE.findall(fixed))
            rest = f"; {left} places stay broken" if left else ""
            return Decoded(fixed, [*repairs, f"doubly encoded text repaired ({how or 'ftfy'}){rest}"])
    return Decoded(text, repairs)


_DEVANAGARI = re.compile("[\u0905-\u0939]")


@cache
def _fonts() -> dict[str, frozenset[str]]:
    return {name: frozenset(map(str, words)) for name, words in table("legacy_fonts").items()}


def refuse_legacy_font(text: str) -> None:
    """Raises Reject when the text is Hindi in a font's own code and not in Unicode."""
    if _DEVANAGARI.search(text):
        return
    words = text[:6000].split()
    known = set(words)
    for font, forms in _fonts().items():
        found = known & forms
        hits = sum(word in found for word in words) if len(found) >= 4 else 0
        if hits >= max(5, len(words) * 0.08):
            raise Reject(
                "legacy-font",
                f"the text is Hindi typed for the font {font} and not Unicode "
                f"({', '.join(sorted(found)[:4])} …); convert it to Unicode before sending",
            )
