"""Annotated articles as the enricher would hand them over, with the gold mentions; the stand-in for it in training."""

import json
import re
from functools import cache
from pathlib import Path

from services.contracts.enriched import EnrichedArticle, Mention, Reference, Sentence
from services.knowledge.shared import ROOT, shared
from services.language.sentences import split
from services.language.words import words
from services.tagger.lexicon import key


def read(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.open(encoding="utf-8") if line.strip()]


def train_records() -> list[dict]:
    """All annotated articles for training."""
    files = [shared("gold", "events_train_a.jsonl"), shared("gold", "events_train_b.jsonl")]
    files += sorted((ROOT / "training" / "texts").glob("*.jsonl"))
    return [r for f in files for r in read(f) if "events" in r]


def dev_records() -> list[dict]:
    return read(shared("gold", "events_dev.jsonl"))


def dyad_records() -> list[dict]:
    return read(shared("gold", "dyads_train.jsonl"))


@cache
def links() -> tuple[dict, dict]:
    """(names, capitals): folded form to (name, country, sector, qid), capital to country."""
    names: dict[str, tuple] = {}
    capitals: dict[str, tuple[str, str]] = {}
    fold = lambda s: " ".join(key(w.text) for w in words(s))  # noqa: E731
    for line in shared("data", "entities", "entities.jsonl").open(encoding="utf-8"):
        e = json.loads(line)
        for form in [e["name"], e.get("name_hi"), *e["aliases_en"], *e["aliases_hi"]]:
            if form:
                names.setdefault(fold(form), (e["name"], e["country"], e["sector"], e["qid"]))
    iso = {}
    for line in shared("data", "countries", "countries.jsonl").open(encoding="utf-8"):
        c = json.loads(line)
        iso[c["iso2"]] = c["iso3"]
        if not c["iso3"] or (not c["is_country"] and c["iso3"] not in ("PSE", "TWN", "HKG")):
            continue
        for form in c["en"] + c["hi"]:
            names.setdefault(fold(form), (c["en"][0].split(" (")[0], c["iso3"], "GOV", c["qid"]))
        for form in [c["capital_en"], *c["capital_hi"]]:
            if form:
                capitals.setdefault(fold(form), (c["en"][0].split(" (")[0], c["iso3"]))
    for line in shared("data", "cities", "cities_deva.tsv").open(encoding="utf-8"):
        f = line.rstrip("\n").split("\t")
        if f[0] == "geonameid":
            continue
        names.setdefault(fold(f[1]), (f[1], iso.get(f[2]), "GOV", None))
    for line in shared("data", "subdivisions", "subdivisions_hi_en.tsv").open(encoding="utf-8"):
        f = line.rstrip("\n").split("\t")
        if f[0] != "code":
            names.setdefault(fold(f[1]), (f[1], iso.get(f[0][:2].upper()), "GOV", None))
    return names, capitals


PRONOUNS = {
    "उन्होंने": "PER", "उनके": "PER", "उनकी": "PER", "उन्हें": "PER", "उनका": "PER", "उनसे": "PER", "वे": "PER", "उसने": "ANY", "उसके": "ANY", "उसे": "ANY",  # noqa: E501
    "he": "PER", "she": "PER", "him": "PER", "his": "PER", "her": "PER", "it": "ANY", "its": "ANY", "they": "ANY", "them": "ANY", "their": "ANY",  # noqa: E501
}  # fmt: skip


def enrich(record: dict) -> EnrichedArticle:
    """An article with its gold mentions, linked as far as the lists go, and pronouns resolved to the last
    fitting name."""
    text = record["text"]
    names, capitals = links()
    fold = lambda s: " ".join(key(w.text) for w in words(s))  # noqa: E731
    taken = [False] * len(text)
    mentions: list[Mention] = []
    for m in sorted(record["mentions"], key=lambda m: -len(m["text"])):
        for found in re.finditer(re.escape(m["text"]), text):
            a, b = found.span()
            if any(taken[a:b]):
                continue
            after = text[b : b + 1]
            before = text[a - 1 : a]
            word = re.compile(r"[\w\u0900-\u0963]")
            if (after and word.match(after)) or (before and word.match(before)):
                continue
            taken[a:b] = [True] * (b - a)
            _, country, sector, qid = names.get(fold(m["name"])) or names.get(fold(m["text"])) or (None,) * 4
            capital = capitals.get(fold(m["name"])) if m["kind"] == "LOC" else None
            mentions.append(
                Mention(
                    start=a, end=b, text=m["text"], kind=m["kind"], name=m["name"], entity="x:" + m["name"], qid=qid,
                    country=country or (capital[1] if capital else None), sector=sector,
                    acts_for=capital[0] if capital else None, acts_for_country=capital[1] if capital else None,
                )
            )  # fmt: skip
    mentions.sort(key=lambda m: m.start)
    references = []
    for w in words(text):
        want = PRONOUNS.get(w.text.lower())
        if want:
            last = [
                i
                for i, m in enumerate(mentions)
                if m.end <= w.start and w.start - m.end < 300 and (want == "ANY" or m.kind == "PER")
            ]
            if last:
                references.append(Reference(start=w.start, end=w.end, text=w.text, form="pronoun", mentions=[last[-1]]))
    sentences = [Sentence(start=a, end=b, language=record["language"]) for a, b in split(text)]
    return EnrichedArticle(
        id=record["id"], title=record.get("title"), text=text, language=record["language"],
        script="Deva" if record["language"] == "hi" else "Latn", published=record.get("published"), content_hash="",
        sentences=sentences, mentions=mentions, references=references,
    )  # fmt: skip


def sentences_of(article: EnrichedArticle, evidence: str) -> list[int]:
    """Indices of the sentences that the evidence covers (by at least half of the sentence or of the evidence)."""
    at = article.text.find(evidence)
    if at < 0:
        return []
    end = at + len(evidence)
    out = []
    for i, s in enumerate(article.sentences):
        common = min(s.end, end) - max(s.start, at)
        if common > 0 and common >= 0.5 * min(s.end - s.start, len(evidence)):
            out.append(i)
    return out


@cache
def scorer():
    """The scorer's module, imported from the shared folder."""
    import importlib.util

    spec = importlib.util.spec_from_file_location("gold_score", shared("gold", "score.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def folder():
    return scorer().Folder(
        [str(shared("data", "entities", "entities.jsonl")), str(shared("data", "countries", "countries.jsonl"))]
    )


def match(gold: dict, party) -> float:
    """1 for the same name or description, one half for the same country, as the scorer counts."""
    f = folder()
    pred = {"name": party.name, "country": party.country}
    s = scorer()
    if f(gold["name"]) == f(party.name) or (s.unnamed(gold) and s.unnamed(pred) and s.head(gold) == s.head(pred)):
        return 1.0
    return 0.5 if gold["country"] and gold["country"] == party.country else 0.0
