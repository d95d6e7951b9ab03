"""From the acts that a reader sees to events: which acts count, who took part, which acts are one event."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from services.contracts.base import Span
from services.contracts.enriched import EnrichedArticle
from services.contracts.tagged import Party, TaggedEvent, Why
from services.tagger import ontology
from services.tagger.acts import Act, Reader
from services.tagger.candidates import Reading, read
from services.tagger.casting import Settings, cast
from services.tagger.circumstances import attribution_of, date_of, places_of, size_of
from services.tagger.merging import groups, one_meeting, same_features
from services.tagger.roles import Row, act_features, logit, rows_of, trigger_words
from services.tagger.weights import Table


@dataclass(slots=True)
class Coded:
    """An act with everything decided about it."""

    act: Act
    words: tuple[int, int]
    mode: str
    status: str
    rows: list[Row]
    no_actor: float = 0.0
    no_recipient: float = 0.0
    actors: list[Row] = field(default_factory=list)
    recipients: list[Row] = field(default_factory=list)
    confidence: float = 0.0


@dataclass(frozen=True, slots=True)
class Model:
    """The learned parts of coding, one file a profile."""

    roles: Table
    none: Table
    accept: Table | None
    same: Table | None
    status: Table | None
    settings: Settings
    threshold: float
    floor: float
    merge: float

    @classmethod
    def load(cls, path: Path) -> Model:
        """Read `models/tagger/<profile>.json`."""
        return cls.of(json.loads(path.read_text(encoding="utf-8")))

    @classmethod
    def of(cls, data: dict[str, dict[str, object]]) -> Model:
        """A model from the parsed file."""

        def table(name: str) -> Table | None:
            t = data.get(name)
            return Table(t["outputs"], t["bias"], t["weights"]) if t else None  # type: ignore[arg-type]

        limits: dict[str, float] = data.get("limits", {})  # type: ignore[assignment]
        roles, none = table("roles"), table("none")
        assert roles is not None
        assert none is not None
        settings = Settings(**{k: v for k, v in data["settings"].items() if k in ("exact", "empty", "named")})  # type: ignore[arg-type]
        return cls(
            roles, none, table("accept"), table("same"), table("status"), settings,
            limits.get("threshold", 0.3), limits.get("floor", 0.08), limits.get("merge", 0.5),
        )  # fmt: skip


def best(distribution: dict[str, float]) -> str:
    """The likeliest value."""
    return max(distribution, key=lambda k: distribution[k], default="")


class Coder:
    """Makes events of articles with one reader and one model."""

    def __init__(self, reader: Reader, model: Model) -> None:
        self.reader = reader
        self.model = model

    def code(self, articles: Sequence[EnrichedArticle]) -> list[list[TaggedEvent]]:
        """Events of each article, in the order of the text."""
        readings = [read(a) for a in articles]
        acts = self.reader.read([r.text for r in readings])
        return [self.events(r, found) for r, found in zip(readings, acts, strict=True)]

    def events(self, reading: Reading, acts: Sequence[Act]) -> list[TaggedEvent]:
        """Events of one article from the acts read in it."""
        return [self._event(reading, group) for group in self.merged(reading, self.coded(reading, acts))]

    def coded(self, reading: Reading, acts: Sequence[Act]) -> list[Coded]:
        """Acts that count, with parties and confidence."""
        out = []
        near = [a for a in acts if a.probability >= self.model.floor]
        for act in near:
            out.append(self.looked_at(reading, act))
            for row in out[-1].rows:
                row.actor, row.recipient = self.model.roles.probabilities(row.features)
        for c in out:
            if self.model.accept is None:
                c.confidence = c.act.probability
            else:
                c.confidence = self.model.accept.probabilities(accept_features(reading, c, near))[0]
        out = [c for c in out if c.confidence >= self.model.threshold]
        for c in out:
            self.cast(reading, c)
        return out

    def looked_at(self, reading: Reading, act: Act) -> Coded:
        """Mode, status and the rows of who may take part."""
        words = trigger_words(reading, act)
        mode, status = best(act.modes), best(act.statuses)
        return Coded(act, words, mode, status, rows_of(reading, act, mode or "-", status))

    def cast(self, reading: Reading, c: Coded) -> None:
        """Decides the parties from the scored rows."""
        hindi = reading.article.language != "en"
        c.no_actor, c.no_recipient = self.model.none.probabilities(
            act_features(c.act, c.mode or "-", c.status, c.rows, hindi)
        )
        c.actors, c.recipients = cast(c.rows, c.no_actor, c.no_recipient, self.model.settings)

    def merged(self, reading: Reading, coded: Sequence[Coded]) -> list[list[Coded]]:
        """Acts grouped by the event that they state; the likeliest act first."""

        def same(a: Coded, b: Coded) -> float:
            if one_meeting(reading, a, b):
                return 1.0
            if self.model.same is None:
                return 0.0
            return self.model.same.probabilities(same_features(reading, a, b))[0]

        return groups(coded, same, self.model.merge)

    def _event(self, reading: Reading, group: Sequence[Coded]) -> TaggedEvent:
        return make_event(reading, group, self.reader.name)


def accept_features(reading: Reading, c: Coded, acts: Sequence[Act]) -> list[str]:
    """Features of the question whether an act that was read is an event."""
    act = c.act
    t = act.event_type
    own = round(2 * logit(act.probability))
    rivals = [a for a in acts if a.sentence == act.sentence and a.event_type != t]
    rival = max(rivals, key=lambda a: a.probability, default=None)
    again = [a for a in acts if a.sentence != act.sentence and a.event_type == t]
    top_a = max((r.actor for r in c.rows), default=0.0)
    top_r = max((r.recipient for r in c.rows), default=0.0)
    span = reading.article.sentences[act.sentence]
    quoted = any(q.start <= span.start + 5 and q.end >= span.end - 5 for q in reading.article.quotes)
    f = [
        f"p:{own}",
        f"{t}|p:{own // 2}",
        t,
        f"{t}|{c.mode}",
        f"{t}|{c.status}",
        f"a:{round(logit(top_a))}",
        f"r:{round(logit(top_r))}",
        f"{t}|a:{round(logit(top_a)) // 2}",
        f"pos:{min(act.sentence, 6)}",
        f"n:{len(reading.article.sentences) // 4}",
        f"in:{min(len(reading.by_sentence[act.sentence]), 4)}",
        f"len:{min(len(reading.keys[act.sentence]) // 8, 6)}",
        f"quoted:{quoted}|{t}",
        f"again:{round(logit(max((a.probability for a in again), default=0.0)))}",
        f"lang:{span.language}|{t}",
        f"sum:{round(2 * math.log(0.05 + sum(a.probability for a in acts)))}",
        f"conf:{c.status}|{round(4 * max(act.statuses.values(), default=0.0))}",
    ]
    if rival is not None:
        f.append(f"rival:{round(logit(rival.probability))}|{round(logit(act.probability))}")
        f.append(f"{t}|rival:{rival.event_type}|{rival.probability > act.probability}")
    else:
        f.append("rival:none")
    return f


def make_event(reading: Reading, group: Sequence[Coded], by: str) -> TaggedEvent:
    """One event of the acts that state it; the first act decides, the others fill what it leaves open."""
    article = reading.article
    lead = group[0]
    act = lead.act
    sentence = article.sentences[act.sentence]
    ws = reading.words[act.sentence]
    mode = lead.mode or None
    teller = max(group, key=_named)
    actors = [_party(article.text, r) for r in teller.actors]
    recipients = [_party(article.text, r) for r in teller.recipients]
    names = {p.name for p in actors + recipients}
    date = next((d for c in group if (d := date_of(reading, c.act.sentence, c.words))), None)
    places = next((p for c in group if (p := places_of(reading, c.act.sentence, c.words, names))), [])
    code = ontology.code(act.event_type, mode)
    trigger = ws[lead.words[0]].start, ws[lead.words[1]].end
    evidence = Span(start=sentence.start, end=sentence.end, text=article.text[sentence.start : sentence.end])
    further: list[Span] = []
    for c in sorted(group[1:], key=lambda c: c.act.sentence):
        s = article.sentences[c.act.sentence]
        if s.start != sentence.start and all(f.start != s.start for f in further):
            further.append(Span(start=s.start, end=s.end, text=article.text[s.start : s.end]))
    identity = json.dumps([article.id, act.event_type, mode, sentence.start, trigger], ensure_ascii=False)
    confidence = min(1.0, max(c.confidence for c in group))
    return TaggedEvent(
        id="ev-" + hashlib.sha256(identity.encode()).hexdigest()[:20],
        article_id=article.id,
        event_type=act.event_type,
        event_mode=mode,
        status=lead.status,
        actors=actors,
        recipients=recipients,
        date=date.edtf if date else None,
        place="; ".join(p.name for p in places) or None,
        place_entity=places[0].entity if places else None,
        place_country=places[0].country if places else None,
        evidence=evidence,
        further_evidence=further,
        trigger=Span(start=trigger[0], end=trigger[1], text=article.text[trigger[0] : trigger[1]]),
        attribution=attribution_of(reading, act.sentence, lead.words, article.quotes, names),
        size=size_of(article, sentence.start, sentence.end),
        contexts=ontology.contexts(evidence.text),
        confidence=round(confidence, 4),
        quad=code.quad,
        intensity=code.intensity,
        cameo_root=code.cameo_root,
        language=sentence.language,
        published=article.published,
        url=article.url,
        source=article.source,
        title=article.title,
        why=_why(reading, group, trigger, by),
    )


def _named(c: Coded) -> float:
    """How surely an act names its parties: of several accounts of one event the one with names is taken."""
    if not c.actors:
        return 0.0
    sure = sum(r.actor for r in c.actors) / len(c.actors)
    return sure + 0.3 * sum(r.party.kind != "desc" for r in c.actors) / len(c.actors)


def _party(text: str, row: Row) -> Party:
    p, c = row.party, row.candidate
    return Party(
        name=p.name, entity=p.entity, qid=p.qid, country=p.country, sector=p.sector,
        start=c.start if c else None, end=c.end if c else None, text=text[c.start : c.end] if c else None,
    )  # fmt: skip


def _why(reading: Reading, group: Sequence[Coded], trigger: tuple[int, int], by: str) -> list[Why]:
    text = reading.article.text
    lead = group[0]
    act = lead.act
    words = text[trigger[0] : trigger[1]]
    why = [
        Why(
            what="type",
            words=words,
            start=trigger[0],
            end=trigger[1],
            by=f"{by}: {act.event_type} {act.probability:.2f}",
        ),
        Why(what="mode", words=words, by=f"{by}: {lead.mode or 'none'} {act.modes.get(lead.mode, 0.0):.2f}"),
        Why(what="status", words=words, by=f"{by}: {lead.status} {act.statuses.get(lead.status, 0.0):.2f}"),
    ]
    teller = max(group, key=_named)
    for role, rows, index in (("actor", teller.actors, 0), ("recipient", teller.recipients, 1)):
        for row in rows:
            c = row.candidate
            score = row.actor if index == 0 else row.recipient
            why.append(
                Why(
                    what=role, words=text[c.start : c.end] if c else "", start=c.start if c else None, end=c.end if c else None,  # noqa: E501
                    by=f"{row.party.name} {score:.2f}" + ("" if c else ", the country the article is about"),
                )
            )  # fmt: skip
    if not teller.recipients:
        why.append(Why(what="recipient", words="", by=f"left empty: none {teller.no_recipient:.2f}"))
    why += [
        Why(
            what="merged",
            words=text[s.start : s.end],
            start=s.start,
            end=s.end,
            by=f"same event, {c.act.probability:.2f}",
        )
        for c in group[1:]
        for s in [reading.article.sentences[c.act.sentence]]
    ]
    return why
