"""When, where, how many and who says so: taken from the words that govern an act."""

from __future__ import annotations

from collections.abc import Sequence

from services.contracts.enriched import EnrichedArticle, Mention, Quotation, TimeExpression
from services.contracts.tagged import Attribution, Size
from services.tagger.candidates import Reading
from services.tagger.features import clause
from services.tagger.lexicon import word_list
from services.tagger.roles import SAYING

NEAR_HI = word_list("hindi near")
LOCATIVE_EN = word_list("english locative")
DEAD = ("killed", "dead", "death", "died", "die", "मौत", "मारे", "मृत", "हत्या", "शहीद")
INJURED = ("injured", "wounded", "hurt", "घायल", "जख्मी", "ज़ख्मी")
ARRESTED = ("arrested", "detained", "held", "गिरफ्तार", "हिरासत", "पकड़")


def clause_range(reading: Reading, sentence: int, first: int, last: int) -> tuple[int, int]:
    """Character range of the clause that holds the words `first`..`last`."""
    ws = reading.words[sentence]
    start, end = clause(reading.keys[sentence], first, last)
    return ws[start].start, ws[end - 1].end


def date_of(reading: Reading, sentence: int, trigger: tuple[int, int]) -> TimeExpression | None:
    """The time expression that governs an act: of those in its clause the nearest one, else the last one before it."""
    span = reading.article.sentences[sentence]
    times = [t for t in reading.article.times if span.start <= t.start < span.end]
    if not times:
        return None
    ws = reading.words[sentence]
    start, end = clause_range(reading, sentence, *trigger)
    at = ws[trigger[0]].start
    inside = [t for t in times if start <= t.start < end]
    if inside:
        return min(inside, key=lambda t: abs(t.start - at))
    before = [t for t in times if t.start < at and not t.edtf.startswith("..")]
    return before[-1] if before else None


def places_of(reading: Reading, sentence: int, trigger: tuple[int, int], parties: set[str]) -> list[Mention]:
    """Places of the sentence that stand in a locative, those of the act's clause first; the dateline when
    there is none."""
    article = reading.article
    start, end = clause_range(reading, sentence, *trigger)
    keys = reading.keys[sentence]
    found: list[tuple[bool, Mention]] = []
    for i in reading.by_sentence[sentence]:
        c = reading.candidates[i]
        if c.form != "name" or c.kind != "LOC":
            continue
        mention = next((m for m in article.mentions if m.start == c.start and m.end == c.end), None)
        if mention is None or mention.kind != "LOC":
            continue
        after = keys[c.last + 1] if c.last + 1 < len(keys) else ""
        second = keys[c.last + 2] if c.last + 2 < len(keys) else ""
        before = keys[c.first - 1] if c.first else ""
        if after in ("में", "पर", "स्थित") or (after == "के" and second in NEAR_HI) or before in LOCATIVE_EN:
            found.append((start <= c.start < end, mention))
    inside = [m for same, m in found if same] or [m for _, m in found]
    unique = {m.name: m for m in inside if m.name not in parties or len(inside) == 1}
    return list(unique.values())[:3]


def size_of(article: EnrichedArticle, start: int, end: int) -> Size | None:
    """Dead, injured and arrested that quantities within `start`..`end` count."""
    totals: dict[str, int] = {}
    for q in article.quantities:
        if not start <= q.start < end:
            continue
        around = f"{q.counted or ''} {article.text[q.start : min(end, q.end + 28)]}".lower()
        for name, marks in (("dead", DEAD), ("injured", INJURED), ("arrested", ARRESTED)):
            if (q.counted and any(m in q.counted.lower() for m in marks)) or (
                not q.counted
                and (q.unit in ("person", "soldier", "child", "woman", None))
                and any(m in around for m in marks)
            ):
                totals.setdefault(name, int(min(q.value, 10**9)))
                break
    return Size(**totals) if totals else None


def attribution_of(
    reading: Reading, sentence: int, trigger: tuple[int, int], quotes: Sequence[Quotation], parties: set[str]
) -> Attribution | None:
    """Who says that the act happened: the speaker of the quotation it stands in, or of the sentence's "said that"."""
    ws = reading.words[sentence]
    at = ws[trigger[0]].start
    for q in quotes:
        if q.speaker and q.start <= at < q.end:
            return Attribution(speaker=q.speaker, chain=q.chain, is_party=q.speaker in parties)
    keys = reading.keys[sentence]
    hindi = reading.article.sentences[sentence].language != "en"
    for i in reading.by_sentence[sentence]:
        c = reading.candidates[i]
        window = keys[c.last + 1 : c.last + 6]
        says = [j for j, k in enumerate(window) if k in SAYING]
        if not says or (hindi and "ने" not in window):
            continue
        verb = c.last + 1 + says[0]
        if hindi and not (verb < trigger[0] and "कि" in keys[verb : verb + 3]):
            continue
        if c.first <= trigger[0] <= verb:
            continue
        names = [p.name for p in c.parties]
        return Attribution(speaker=names[0], chain=[], is_party=names[0] in parties)
    return None
