"""From a message of articles.tagged to the record that is kept."""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import numpy as np
import orjson

from services.contracts.stage import Message, Reject
from services.stories.article import U32, Article
from services.stories.frequency import Frequency, rows
from services.stories.keys import keys_of, shingles_of, word_key, words_of
from services.stories.owners import owner_of

NAMES = 8
PEOPLE = 4
AHEAD = 86_400  # seconds that a date of publication may lie after the message itself
_DAY = re.compile(r"(\d{4}|XXXX)-(\d{2})-(\d{2})")


def read(message: Message) -> dict[str, Any]:
    """The tagged article of a message as plain data; raises Reject where it is none."""
    try:
        article = orjson.loads(message.value or b"")
    except orjson.JSONDecodeError as error:
        raise Reject("bad-json", f"expected a tagged article as JSON: {error}") from error
    if (
        not isinstance(article, dict)
        or not isinstance(article.get("id"), str)
        or not isinstance(article.get("text"), str)
    ):
        raise Reject("bad-article", "expected a tagged article: an object with `id` and `text`")
    return article


def record_of(article: Mapping[str, Any], seq: int, clock: int, arrived: int, frequency: Frequency) -> Article:
    """The record of an article that arrives when the stream's clock stands at `clock`.

    `arrived` is the time of its message in seconds, 0 where unknown. Raises Reject where the article is malformed.
    """
    try:
        words = words_of(article["text"])
        keys, weights = rows(keys_of(article, words), frequency)
        shingles, level = shingles_of(words)
        time, dated = _time(article, clock, arrived)
        fingerprint = article.get("fingerprint") or {}
        vector = _bytes(fingerprint.get("vector"), 256)
        signature = _bytes(fingerprint.get("signature"), 256) or minhash(words)
        names = Counter(mention["name"] for mention in article.get("mentions") or ())
        people = Counter(mention["name"] for mention in article.get("mentions") or () if mention.get("kind") == "PER")
        return Article(
            id=article["id"],
            seq=seq,
            time=time,
            came=max(clock, time if dated else 0),
            dated=dated,
            language=article.get("language") or "other",
            title=article.get("title"),
            published=article.get("published"),
            source=article.get("source") or article.get("host"),
            url=article.get("url"),
            owner=owner_of(article),
            names=[name for name, _ in names.most_common(NAMES)],
            people=[name for name, _ in people.most_common(PEOPLE)],
            topics=[topic["id"] for topic in article.get("topics") or ()][:4],
            told=_told(article),
            keys=keys,
            weights=weights,
            vector=vector,
            signature=signature,
            shingles=shingles,
            level=level,
            length=len(words),
            events=[_event(event) for event in article.get("events") or ()],
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Reject("bad-article", f"not a tagged article: {type(error).__name__}: {error}") from error


def _bytes(coded: str | None, length: int) -> bytes:
    if not coded:
        return b""
    try:
        raw = b64decode(coded, validate=True)
    except Base64Error as error:
        raise Reject("bad-fingerprint", f"the fingerprint is not base64: {error}") from error
    if len(raw) != length:
        raise Reject("bad-fingerprint", f"the fingerprint has {len(raw)} bytes in place of {length}")
    return raw


def seconds(iso: str | None) -> int | None:
    """Unix seconds of an ISO 8601 date or date-time, UTC where it tells no zone; None for anything else."""
    if not iso:
        return None
    try:
        moment = datetime.fromisoformat(iso)
    except ValueError:
        return None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


def _time(article: Mapping[str, Any], clock: int, arrived: int) -> tuple[int, bool]:
    """When it was published and whether that is known; a date in the future of its message counts as unknown."""
    published = seconds(article.get("published"))
    if published is not None and not (arrived and published > arrived + AHEAD):
        return published, True
    return seconds(article.get("crawled")) or arrived or clock, False


def _told(article: Mapping[str, Any]) -> str | None:
    """The latest day that the text tells in a past event, else the latest day it tells at all, as EDTF."""
    days = [m.group() for time in article.get("times") or () if (m := _DAY.fullmatch(time["edtf"]))]
    past = [
        event["date"]
        for event in article.get("events") or ()
        if event.get("status") in ("actual", "historical") and event.get("date") and _DAY.fullmatch(event["date"])
    ]
    found = past or days
    return max(found, key=lambda day: day[5:]) if found else None


_KEPT = ("id", "event_type", "event_mode", "status", "date", "place", "place_entity", "place_country", "confidence")


def _event(event: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept of an event that the article states."""
    kept = {name: event.get(name) for name in _KEPT}
    for side in ("actors", "recipients"):
        kept[side] = [
            {name: party.get(name) for name in ("name", "entity", "qid", "country", "sector")}
            for party in event.get(side) or ()
        ]
    evidence = event["evidence"]["text"]
    kept["evidence"] = evidence
    kept["words"] = sorted({word_key(word) for word in words_of(evidence)})
    kept["dead"] = (event.get("size") or {}).get("dead")
    kept["quad"], kept["intensity"] = event.get("quad") or 0, event.get("intensity") or 0.0
    kept["contexts"] = event.get("contexts") or []
    return kept


_A = np.random.default_rng(20).integers(1, 1 << 61, 64, dtype=np.uint64) | np.uint64(1)
_B = np.random.default_rng(21).integers(0, 1 << 61, 64, dtype=np.uint64)


def minhash(words: list[str]) -> bytes:
    """MinHash signature over word triples, for an article that came without one; empty for a text of under 3 words."""
    hashes = np.fromiter((word_key(w) for w in words), np.uint64, len(words))
    if len(hashes) < 3:
        return b""
    triples = hashes[:-2] * np.uint64(0x9E3779B97F4A7C15) + hashes[1:-1] * np.uint64(0xC2B2AE3D27D4EB4F)
    triples += hashes[2:] * np.uint64(0x165667B19E3779F9)
    triples ^= triples >> np.uint64(29)
    mixed = (triples[:, None] * _A[None, :] + _B[None, :]) >> np.uint64(32)
    least: U32 = mixed.min(axis=0).astype(np.uint32)
    return least.tobytes()
