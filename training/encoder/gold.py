"""Gold records as documents with character spans: what the encoder learns from.

A `Doc` is an article, or one sentence of the sentence file. Parties are named in canonical English; `align` finds where
they stand in the text: by the record's mentions, then by the head noun of a description ("protesters", किसान).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path

from services.language.sentences import split

# fmt: off
TYPES = [
    "AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST",
    "ACCUSE", "REJECT", "THREATEN", "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT",
]
MODES = {
    "CONSULT": "visit third-party multilateral phone",
    "RETREAT": "withdraw release disarm ceasefire access resign",
    "REQUEST": "assist change yield meet",
    "ACCUSE": "disapprove investigate allege",
    "REJECT": "assist change yield meet",
    "THREATEN": "restrict arrest relations expel territory violence",
    "PROTEST": "demo riot strike hunger boycott obstruct vandalize",
    "SANCTION": "convict expel withdraw discontinue",
    "MOBILIZE": "troops weapons police militia",
    "COERCE": "seize restrict censor curfew martial-law arrest deport withhold misinformation cyber",
    "ASSAULT": "abduct beat torture sexual targeted destroy primitive firearms explosives suicide-attack aerial drone "
    "heavy-weapons crowd-control unconventional",
}
# fmt: on
SLOTS = [(t, m) for t in TYPES for m in ["", *MODES.get(t, "").split()]]  # "" is no mode
STATUSES = ["actual", "future", "hypothetical", "negated", "historical"]
ROLES = ["actor", "recipient", "place"]
Span = tuple[int, int]
LETTER = r"[\w\u0900-\u0963\u0966-\u097F\u200c\u200d]"
DESCRIPTORS: dict[str, list[str]] = json.loads((Path(__file__).parent / "descriptors.json").read_text(encoding="utf-8"))


@dataclass
class Event:
    """One gold event. A role holds the spans of each party, or None where the text does not show who is meant."""

    type: str
    mode: str
    status: str
    sentences: list[int]
    roles: dict[str, list[list[Span]] | None]
    trigger: Span | None = None


@dataclass
class Doc:
    """A text with its sentences, every occurrence of its mentions (span, kind, name), and its events."""

    id: str
    language: str
    text: str
    sentences: list[Span]
    mentions: list[tuple[Span, str, str]]
    descriptions: list[Span]
    events: list[Event] = field(default_factory=list)


def occurrences(text: str, form: str) -> list[Span]:
    """Whole-word occurrences of a form."""
    return [m.span() for m in re.finditer(f"(?<!{LETTER}){re.escape(form)}(?!{LETTER})", text)]


def stems(noun: str) -> list[str]:
    """Forms of an English head noun to look up: itself, singular by the usual endings."""
    forms = [noun, noun.removesuffix("s"), noun.removesuffix("ies") + "y"]
    return forms + {"men": ["man"], "people": ["person"]}.get(noun, [])


def heads(name: str) -> list[str]:
    """Head noun of an English description: "families of victims" → families; "tea estate owners" → owners."""
    name = re.split(r" (?:of|from|in|for|to|at|on) ", name.lower())[0]
    words = re.findall(r"[a-z]+", name.replace("'s", "").replace("s'", "s"))
    return words[::-1][:1]


def describe(text: str, language: str, noun: str) -> list[Span]:
    """Where a text may speak of a description with this head noun."""
    if language == "en":
        forms = {f for s in stems(noun) for f in (s, s + "s", s + "es", s.removesuffix("y") + "ies") if len(f) > 2}
        pattern = rf"(?i)\b(?:{'|'.join(map(re.escape, sorted(forms)))})\b"
        return [m.span() for m in re.finditer(pattern, text)]
    found = next((DESCRIPTORS[s] for s in stems(noun) if s in DESCRIPTORS), [])
    if not found:
        return []
    pattern = rf"(?<!{LETTER})(?:{'|'.join(map(re.escape, found))}){LETTER}*"
    return [m.span() for m in re.finditer(pattern, text)]


SPECIAL = {
    "Government of India": [
        "केंद्र सरकार",
        "भारत सरकार",
        "केन्द्र सरकार",
        "केंद्र",
        "केन्द्र",
        "सरकार",
        "नई दिल्ली",
        "भारत",
        "the Centre",
        "Centre",
        "the government",
        "government",
        "New Delhi",
        "Delhi",
        "India",
    ],
    "Indian Army": ["भारतीय सेना", "थलसेना", "सेना", "the army", "army"],
    "Parliament of India": ["संसद", "Parliament"],
}


def align(doc: Doc, name: str) -> list[Span]:
    """Spans of a text that mean the party of this canonical name; empty if none is seen."""
    exact = [s for s, _, n in doc.mentions if n.casefold() == name.casefold()]
    if exact:
        return exact
    for form in SPECIAL.get(name, []):
        if spans := occurrences(doc.text, form):
            return spans
    words = set(re.findall(r"\w+", name.casefold()))
    inside = [s for s, _, n in doc.mentions if len(n) > 2 and set(re.findall(r"\w+", n.casefold())) < words]
    noun = [s for h in heads(name) for s in describe(doc.text, doc.language, h)]
    noun = [s for s in noun if not any(a <= s[0] and s[1] <= b for (a, b), _, _ in doc.mentions)]
    if noun and inside:  # "Tripoli government": prefer the noun standing close to the name
        near = [s for s in noun if any(0 <= s[0] - b < 25 for _, b in inside)]
        return near + inside if near else noun + inside
    return noun or inside


def article(record: dict) -> Doc:
    """The document of a gold article record."""
    text = record["text"]
    doc = Doc(record["id"], record["language"], text, split(text), [], [])
    taken = [False] * len(text)
    for m in sorted(record["mentions"], key=lambda m: -len(m["text"])):
        for a, b in occurrences(text, m["text"]):
            if not any(taken[a:b]):
                taken[a:b] = [True] * (b - a)
                doc.mentions.append(((a, b), m["kind"], m["name"]))
    doc.mentions.sort()
    seen: set[Span] = set()
    for e in record["events"]:
        at = text.index(e["evidence"])
        inside = [
            i
            for i, (a, b) in enumerate(doc.sentences)
            if min(b, at + len(e["evidence"])) - max(a, at) > min(12, b - a - 1)
        ]
        roles: dict[str, list[list[Span]] | None] = {}
        for role, parties in (("actor", e["actors"]), ("recipient", e["recipients"])):
            found = [align(doc, p["name"]) for p in parties]
            seen.update(s for spans in found for s in spans)
            roles[role] = None if any(not f for f in found) else found
        places = [align(doc, p.strip()) for p in (e["place"] or "").split(";") if p.strip()]
        roles["place"] = None if any(not f for f in places) else places
        inside = [i for i in inside if doc.sentences[i][1] - doc.sentences[i][0] > 25] or inside  # not a dateline
        doc.events.append(Event(e["event_type"], e["event_mode"] or "", e["status"], inside, roles))
    named = {s for s, _, _ in doc.mentions}
    doc.descriptions = sorted(seen - named)
    return doc


def dyad(record: dict) -> Doc:
    """The document of a sentence record; its spans are exact substrings."""
    text = record["text"]
    doc = Doc(record["id"], record["language"], text, [(0, len(text))], [], [])

    def find(part: str | None) -> list[Span]:
        return [] if not part else [(text.index(part), text.index(part) + len(part))]

    for act in record["acts"]:
        trigger = find(act["trigger"])
        parties = {r: find(act[r]) for r in ("actor", "recipient")}
        roles: dict[str, list[list[Span]] | None] = {"place": None} | {r: [s] if s else [] for r, s in parties.items()}
        event = Event(
            act["event_type"], act["event_mode"] or "", act["status"], [0], roles, trigger[0] if trigger else None
        )
        doc.events.append(event)
        doc.descriptions += [s for spans in parties.values() for s in spans if s not in doc.descriptions]
    return doc


def written(line: str, number: str, language: str) -> dict:
    """The sentence record of a line "text || TYPE mode status | actor | recipient | trigger ;; next act"."""
    text, _, rest = (part.strip() for part in line.partition("||"))
    acts = []
    for act in filter(None, rest.split(";;")):
        head, actor, recipient, trigger = (None if x.strip() == "-" else x.strip() for x in act.split("|"))
        kind, mode, status = (head or "").split()
        act_mode = None if mode == "-" else mode
        found = {"event_type": kind, "event_mode": act_mode, "status": status}
        acts.append(found | {"actor": actor, "recipient": recipient, "trigger": trigger})
    return {"id": number, "language": language, "text": text, "acts": acts}


def passage(line: str, number: str, language: str) -> Doc:
    """The document of a line "sentence / sentence || n TYPE mode status | actors | recipients | trigger ;; ..."."""
    text, _, rest = (part.strip() for part in line.partition("||"))
    doc = Doc(number, language, "", [], [], [])
    for part in text.split(" / "):
        doc.sentences.append((len(doc.text), len(doc.text) + len(part)))
        doc.text += part + " "
    doc.text = doc.text.strip()
    for act in filter(None, rest.split(";;")):
        head, *parties, trigger = (x.strip() for x in act.split("|"))
        n, kind, mode, status = head.split()
        start, end = doc.sentences[int(n) - 1]
        roles: dict[str, list[list[Span]] | None] = {"place": None}
        for role, names in zip(("actor", "recipient"), parties, strict=True):
            spans = [occurrences(doc.text, name.strip()) for name in names.split(" + ") if name.strip() != "-"]
            if not all(spans):
                raise ValueError(f"{number}: {names} is not in the text")
            roles[role] = spans
            doc.descriptions += [s for found in spans for s in found if s not in doc.descriptions]
        at = doc.text.index(trigger, start, end)
        told = (at, at + len(trigger))
        doc.events.append(Event(kind, "" if mode == "-" else mode, status, [int(n) - 1], roles, told))
    return doc


def read(paths: list[Path]) -> list[Doc]:
    """Documents of gold files, or of lines as `written`; records at odds with their text are left out."""
    docs = []
    for path in paths:
        for n, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if line.startswith("#"):
                continue
            try:
                name = path.stem
                if name.startswith("passages"):
                    doc = passage(line, f"{name}-{n}", name[-2:])
                else:
                    record = json.loads(line) if path.suffix == ".jsonl" else written(line, f"{name}-{n}", name[-2:])
                    doc = article(record) if "events" in record else dyad(record)
            except (ValueError, KeyError, TypeError) as error:
                print(f"left out a record of {path.name}: {error}")
                continue
            if all((e.type, e.mode) in SLOTS and e.status in STATUSES and e.sentences for e in doc.events):
                docs.append(doc)
            else:
                print(f"left out {doc.id}")
    return docs
