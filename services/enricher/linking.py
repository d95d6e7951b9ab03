"""From the forms of an article to entities: candidates of the alias table, decided by what else the article names."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from services.contracts.enriched import Candidate
from services.enricher import naming
from services.enricher.gazetteer import lemmas
from services.knowledge.rules import GENERAL, adjectives, heads, local_bodies, offices
from services.knowledge.things import Thing, demonyms, things
from services.language.scripts import is_deva
from services.language.transliterate import letter, model, phonetic_key
from services.language.words import key_of

NEAR = 25  # words back to a country that a name may belong to
MOST = 200  # names looked back over, so that no text costs more than its length
BEFORE = 7  # words before a name that may tell its office and country


@dataclass(slots=True)
class Form:
    """One stretch of words taken for a name, and what it was resolved to."""

    start: int
    end: int
    first: int
    last: int
    text: str
    key: str
    kind: str
    sure: float
    thing: Thing | None = None
    via: str = ""
    confidence: float = 0.5
    rivals: list[Candidate] = field(default_factory=list)


@dataclass(slots=True)
class Setting:
    """What the article tells about where and when it plays: countries by weight, year, words."""

    keys: Sequence[str]
    hindi: bool
    year: int | None
    countries: Counter[str] = field(default_factory=Counter)
    nearby: dict[int, str] = field(default_factory=dict)
    order: list[int] = field(default_factory=list)

    def around(self, index: int) -> str | None:
        """The country named nearest before word `index`, within its sentence or the one before."""
        at = bisect_left(self.order, index) - 1
        near = self.order[at] if at >= 0 else -NEAR - 1
        return self.nearby[near] if index - NEAR <= near else None

    def share(self, country: str | None) -> float:
        """Part of the article's namings of countries that name this one."""
        return self.countries[country] / self.countries.total() if country and country in self.countries else 0.0

    def main(self) -> str | None:
        """The country that the article names most; a Hindi article that names none is about India."""
        if self.countries:
            return self.countries.most_common(1)[0][0]
        return "IND" if self.hindi else None


def link(forms: list[Form], keys: Sequence[str], hindi: bool, year: int | None) -> Setting:
    """Resolve all forms of an article in place; `keys` are the word keys of the whole text."""
    setting = Setting(keys, hindi, year)
    _read_countries(forms, setting)
    setting.order = sorted(setting.nearby)
    for form in forms:
        if form.kind == "LOC":
            _place(form, setting)
    full: list[Form] = []
    for form in forms:
        if form.kind == "PER" and " " in form.key:
            _person(form, setting, [])
            full.append(form)
    starts = [form.first for form in full]

    def near(form: Form) -> list[Form]:
        """The full names before a form, and the next few after it."""
        at = bisect_left(starts, form.first)
        return full[max(0, at - MOST) : at + MOST // 10]

    bodies: list[Form] = []
    for form in forms:
        if form.kind == "PER" and form.thing is None:
            _person(form, setting, near(form))
        elif form.kind == "ORG":
            _organisation(form, setting, bodies)
            if " " in form.key:
                bodies.append(form)
        elif form.kind == "LOC" and form.via == "phonetic" and " " not in form.key:
            twin = _namesake(form, near(form))  # an unknown place with the surname of a person here is that person
            if twin is not None and twin.thing is not None:
                form.kind, form.thing, form.via = "PER", twin.thing, "surname"
    return setting


def _read_countries(forms: Sequence[Form], setting: Setting) -> None:
    table, nations = things(), demonyms()
    keys = setting.keys
    for i, key in enumerate(keys):
        iso = nations.get(key) or (nations.get(f"{key} {keys[i + 1]}") if i + 1 < len(keys) and keys[i + 1] else None)
        if iso and iso != "IGO":
            setting.countries[iso] += 1
            setting.nearby[i] = iso
    for form in forms:
        if form.kind != "LOC":
            continue
        options = [t for t in table.find(form.key) if t.kind == "LOC" and t.country]
        if options and (options[0].sure or len(options) == 1) and options[0].country:
            setting.countries[options[0].country] += 2 if options[0].is_state else 1
            setting.nearby[form.first] = options[0].country


def _choose(form: Form, options: list[tuple[float, Thing]], via: str) -> None:
    """Take the best option and report the others that could be meant."""
    options.sort(key=lambda pair: -pair[0])
    total = sum(max(score, 0.05) for score, _ in options)
    form.thing, form.via = options[0][1], via
    form.confidence = round(min(0.99, max(options[0][0], 0.05) / total), 3)
    if len(options) > 1:
        form.rivals = [
            Candidate(entity=t.id, name=t.name, score=round(max(s, 0.05) / total, 3)) for s, t in options[:4]
        ]


def lookup(key: str, kind: str, text: str = "") -> list[Thing]:
    """Things of a kind by key, or by a dictionary form of its last word; acronyms only for words in capitals.

    Letters that stand apart ("एन.एस.ए.") are also tried as one word and in Latin.
    """
    table = things()
    if key in table.upper and text and text[0].isascii() and not text.isupper() and not text.islower():
        return []
    found = [t for t in table.find(key) if t.kind == kind]
    if not found and " " in key:
        letters = [letter(word) for word in key.split()]
        if all(letters):
            joined = (key.replace(" ", ""), "".join(map(str, letters)).lower())
            found = [t for form in joined for t in table.find(form) if t.kind == kind]
    if not found:
        stem, _, last = key.rpartition(" ")
        for lemma in lemmas(last):
            found = [t for t in table.find(f"{stem} {lemma}".strip()) if t.kind == kind]
            if found:
                break
    if not found and key.startswith("the "):
        found = lookup(key[4:], kind)
    return found


# The part of a name that tables leave out and the text tells ("चिन राज्य" is "Chin State", not "Chin").
_PARTS = {"प्रांत": "Province", "राज्य": "State", "बंदरगाह": "Port", "port": "Port"}


def _place(form: Form, setting: Setting) -> None:
    options = []
    for thing in lookup(form.key, "LOC", form.text):
        score = thing.weight + (0.5 if thing.country in setting.countries else 0.0) + 3.0 * setting.share(thing.country)
        options.append((score, thing))
    if options:
        best = max(options, key=lambda pair: pair[0])[1]
        via = "country" if best.is_state else "city" if best.geonames else "alias"
        _choose(form, options, via)
        part = _PARTS.get(form.key.rpartition(" ")[2]) if " " in form.key else None
        if part and "," not in best.name and not best.name.lower().endswith(part.lower()) and form.thing is not None:
            form.thing = replace(form.thing, name=f"{form.thing.name} {part}")
        return
    name = naming.other(form.text)
    country = setting.around(form.first) or setting.main()
    form.thing = Thing(local_id(name), name, "LOC", country)
    form.via, form.confidence = "phonetic", 0.4


def _person(form: Form, setting: Setting, full: Sequence[Form]) -> None:
    if full:
        twin = _namesake(form, full)
        if twin is not None and twin.thing is not None:
            form.thing, form.via, form.confidence = twin.thing, "surname", 0.9
            return
    options = []
    here = _office_country(form, setting)
    bare = key_of(naming.without_rank(form.text)) if " " in form.key else form.key
    for thing in lookup(form.key, "PER", form.text) or lookup(bare, "PER"):
        score = thing.weight + (1.0 if thing.held_in(setting.year) else 0.0)
        if thing.country and thing.country in setting.countries:
            score += 1.0
        if here and thing.country == here[0]:
            score += 1.0
        options.append((score, thing))
    if options:
        _choose(form, options, "alias")
        return
    near = _sounds_like(form, here) if " " in form.key else None
    if near is not None:
        form.thing, form.via, form.confidence = near, "phonetic", 0.8
        return
    country, sector = here if here else (setting.around(form.first) or setting.main(), None)
    name = naming.person(form.text, country)
    form.thing = Thing(local_id(name), name, "PER", country, sector)
    form.via, form.confidence = "phonetic", 0.4


def _namesake(form: Form, full: Sequence[Form]) -> Form | None:
    """The full name in the article that a surname or a part of a name shortens; the one named last before it wins."""
    best: tuple[int, int, Form] | None = None
    key, sound = form.key, phonetic_key(form.key)
    wanted = key.split()
    for other in full:
        words = other.key.split()
        if len(words) <= len(wanted):
            continue
        if words[-len(wanted) :] == wanted:
            rank = 3
        elif all(w in words for w in wanted):
            rank = 2
        elif (
            len(sound) > 2
            and len(wanted) == 1
            and is_deva(key) != is_deva(other.key)
            and phonetic_key(words[-1]) == sound
        ):
            rank = 1
        else:
            continue
        order = (rank, other.first if other.first < form.first else -other.first)
        if best is None or order > best[:2]:
            best = (*order, other)
    return best[2] if best is not None else None


@cache
def _persons_by_sound() -> tuple[dict[str, list[Thing]], dict[str, list[tuple[str, Thing]]]]:
    """Persons with names of two words or more by the sound of the name, and by the sound of each of its words."""
    table = things()
    whole: dict[str, list[Thing]] = {}
    by_word: dict[str, list[tuple[str, Thing]]] = {}
    for key, held in table.forms.items():
        person = table.all[held[0]]
        if " " in key and person.kind == "PER":
            sound = phonetic_key(key)
            whole.setdefault(sound, []).append(person)
            for word in sound.split():
                by_word.setdefault(word, []).append((sound, person))
    return whole, by_word


def _may_be(key: str, person: Thing) -> bool:
    """Whether no word of a Hindi name has a usual spelling that the person's name lacks (सिंह is Singh, never Sinha)."""
    usual = model().known
    own = set(phonetic_key(person.name).split())
    return all(phonetic_key(usual[word]) in own for word in key.split() if word in usual)


def _sounds_like(form: Form, here: tuple[str | None, str | None] | None) -> Thing | None:
    """A person of the table whose name of two words or more sounds the same; where the words beside the
    name tell an office,
    one sound of a long name may differ ("Anthony Brinken", the secretary of state)."""
    whole, by_word = _persons_by_sound()
    sound = phonetic_key(form.key)
    found = {t.id: t for t in whole.get(sound, ()) if _may_be(form.key, t)}
    if not found and here is not None:
        for word in sound.split():
            for other, person in by_word.get(word, ()):
                same_state = person.country == here[0] and person.sector == here[1]
                if (
                    same_state
                    and len(other) == len(sound) > 8
                    and sum(a != b for a, b in zip(sound, other, strict=True)) == 1
                ):
                    found[person.id] = person
    return next(iter(found.values())) if len(found) == 1 else None


def _office_country(form: Form, setting: Setting) -> tuple[str | None, str | None] | None:
    """Country and sector that the words beside a person's name tell ("रूस के विदेश मंत्री …", "Kenyan police chief …")."""
    ranks, nations, table = offices(), demonyms(), things()
    sector = country = None
    told = -1
    keys = setting.keys
    for at in range(form.first - 1, max(-1, form.first - 1 - BEFORE), -1):
        key = keys[at]
        if key in ("।", ".", ",") and sector is None:
            break
        if sector is None or (sector in GENERAL and at == told - 1 and key in ranks):
            sector, told = ranks.get(key), at
        if country is None:
            country = setting.nearby.get(at) or nations.get(key)
            if country is None and at + 1 < form.first:
                held = table.forms.get(key)
                if held and table.all[held[0]].kind == "LOC":
                    country = table.all[held[0]].country
    if sector is None and form.last < len(keys):  # "X, the foreign minister", "X, a farmer"
        for at in range(form.last, min(len(keys), form.last + 5)):
            if keys[at] in ranks and keys[form.last] in (",", ""):
                sector = ranks[keys[at]]
                break
    if sector is None:
        return None
    return (country if country and country != "IGO" else setting.around(form.first) or setting.main()), sector


_GENERIC = re.compile(r"^(?:the|a|an) ", re.IGNORECASE)


def _organisation(form: Form, setting: Setting, forms: Sequence[Form]) -> None:
    bodies = local_bodies().get(form.key)
    own = setting.around(form.first) or setting.main()
    if bodies is not None:
        country = _owner(form, setting)
        name = bodies.get(country or "") or bodies.get("*")
        if name is not None:
            name = _filled(name, country)
        if name is not None:
            _named(form, name, country if "*" not in bodies or country else None, None)
            return
    options = []
    for thing in lookup(form.key, "ORG", form.text):
        score = thing.weight
        if thing.country and thing.country in setting.countries:
            score += 2.0 + (0.5 if thing.country == setting.main() else 0.0)
        elif thing.country == "IND" and setting.hindi and not setting.countries:
            score += 1.0
        options.append((score, thing))
    if options:
        _choose(form, options, "alias")
        return
    composed = _composed(form)
    if composed is not None:
        _named(form, *composed)
        return
    short = _shortened(form, forms)
    if short is not None:
        form.thing, form.via, form.confidence = short, "surname", 0.8
        return
    name = naming.other(form.text, own in ("IND", "NPL", "BGD", "PAK"))
    form.thing = Thing(local_id(name), name, "ORG", own, None)
    form.via, form.confidence = "phonetic", 0.4


def _owner(form: Form, setting: Setting) -> str | None:
    """Whose body a bare "foreign ministry" is: the country just before it, in Hindi news India where it
    is named, else the main one.
    """
    for at in range(form.first - 1, max(-1, form.first - 4), -1):
        if at in setting.nearby:
            return setting.nearby[at]
    if setting.hindi and form.key.endswith("मंत्रालय") and (not setting.countries or "IND" in setting.countries):
        return "IND"
    return setting.main()


def _filled(template: str, country: str | None) -> str | None:
    if "{" not in template:
        return template
    state = things().state(country)
    if state is None or country is None:
        return None
    return template.replace("{a}", adjectives().get(country, state.name)).replace("{}", state.name)


def _named(form: Form, name: str, country: str | None, sector: str | None) -> None:
    """Take the thing of the table with this English name, or make one."""
    index = things().same(name, "ORG", country)
    if index is not None:
        form.thing = things().all[index]
    else:
        form.thing = Thing(local_id(name), name, "ORG", country, sector or "GOV")
    form.via, form.confidence = "composed", 0.8


def _composed(form: Form) -> tuple[str, str | None, str] | None:
    """Name, country and sector of a name made of a place or an adjective and a head."""
    words, table = form.key.split(), heads()
    for length in (3, 2, 1):
        if len(words) <= length:
            continue
        head = table.get(" ".join(words[-length:]))
        if head is None:
            continue
        owner = " ".join(words[:-length])
        for particle in (" के", " की", " का"):
            owner = owner.removesuffix(particle)
        iso = demonyms().get(owner)
        place = next((t for t in lookup(owner, "LOC")), None)
        if iso is None and place is not None:
            if head.before == "country" and not place.is_state:
                continue
            name = head.template.replace("{a}", adjectives().get(place.country or "", place.name)).replace(
                "{}", place.name
            )
            return name, place.country, head.sector
        if iso is not None:
            filled = _filled(head.template, iso)
            if filled is not None:
                return filled, iso, head.sector
    return None


def _shortened(form: Form, forms: Sequence[Form]) -> Thing | None:
    """The organisation named in full earlier of which this is the last word or words ("मोर्चा" after
    "संयुक्त किसान मोर्चा").
    """
    words = _GENERIC.sub("", form.key).split()
    for other in forms[: -MOST - 1 : -1]:
        if other.kind == "ORG" and other.first < form.first and other.thing is not None:
            held = other.key.split()
            if len(held) > len(words) and held[-len(words) :] == words:
                return other.thing
            initials = "".join(w[0] for w in held if w not in ("of", "the", "and", "for"))
            if len(words) == 1 and len(words[0]) > 2 and initials == words[0]:
                return other.thing
    return None


def local_id(name: str) -> str:
    """Stable id of a name that no table knows, the same for its spellings in both scripts; initials do not count."""
    sounds = phonetic_key(name).split()
    telling = [s for s, w in zip(sounds, name.replace(".", " ").replace("-", " ").split(), strict=False) if len(w) > 1]
    return f"x:{'-'.join(telling or sounds) or name.lower().replace(' ', '-')}"
