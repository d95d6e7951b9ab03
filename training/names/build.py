"""Learn how news spells Hindi names in English: a table of name words and a context model for the rest.

    python training/names/build.py [--holdout 10]

Reads the name pairs of the shared data folder, the tables of `services/knowledge/data` and the project's
own gold; writes
`namewords.tsv` and `transliteration.tsv` to `services/language/data`. With --holdout N every Nth pair is
left out of training
and scored instead, and nothing is written.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from services.knowledge.shared import ROOT, shared
from services.language.scripts import fold_deva, fold_latin
from services.language.transliterate import Model, contexts, parts, phonetic_key, units

OUT = ROOT / "services" / "language" / "data"
LATIN = re.compile(r"[a-z]+")
DEVA = re.compile(r"[\u0900-\u097F]+")
PRIOR = 2.0
HELD_OUT = 10  # every tenth candidate is left for `services.enricher.evaluate_names`
MINED_SHARE = 4  # of the mined word pairs, which are many and noisy, every fourth is used
MISFIT = 8.0
VOWELS = frozenset("अआइईउऊएऐओऔऑऍऋािीुूेैोौॉॅृ")
LONGEST = 4  # letters that one Devanagari sign may stand for


def tsv(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)


def names() -> Iterator[tuple[str, str, float]]:
    """(Hindi name, English name, weight)."""
    folder = shared("data", "name_pairs_hi_en")
    for number, row in enumerate(tsv(folder / "eci_candidates.tsv")):
        if number % HELD_OUT:
            yield row["hi"], row["en"], 1.0
    for row in tsv(folder / "cricket_players.tsv"):
        yield row["hi_long"], row["en"], 1.0
    for row in tsv(folder / "wikidata_2015_hi_en.tsv"):
        yield row["hi"], row["en"], 2.0
    for row in tsv(folder / "mined_from_parallel_news.tsv"):
        if float(row["score"]) >= 88:
            yield row["hi"], row["en"], 2.0
    with (folder / "mined_translit_pairs.tsv").open(encoding="utf-8") as file:
        for line in file:
            latin, _, hindi = line.rstrip("\n").partition("\t")
            yield hindi, latin, 0.1
    for line in shared("data", "entities", "entities.jsonl").read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        if record.get("name_hi") and record["kind"] != "ORG":
            yield record["name_hi"], record["name"], 4.0
    for row in tsv(shared("data", "cities", "cities_deva.tsv")):
        if row["hi_label"]:
            yield row["hi_label"], row["name_en"], 2.0
        else:
            for form in row["deva_all"].split("|")[:1]:
                yield form, row["name_en"], 0.5
    for row in tsv(shared("data", "subdivisions", "india_districts_hi_en.tsv")):
        yield row["district_hi"] or "", row["district_en"], 2.0
    for table, hindi in (("people.tsv", 6), ("places.tsv", 3)):
        for line in (ROOT / "services/knowledge/data" / table).read_text(encoding="utf-8").splitlines():
            cells = line.split("\t")
            if len(cells) > hindi:
                for form in cells[hindi].split("|")[:2]:
                    yield form.rstrip("?"), cells[0], 4.0
    files = [shared("gold", f"events_train_{part}.jsonl") for part in "ab"]
    files += sorted((ROOT / "training" / "texts").glob("*.jsonl"))
    for file in files:
        for line in file.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            for mention in record.get("mentions", ()):
                if mention["kind"] != "ORG" and DEVA.search(mention["text"]):
                    yield mention["text"], mention["name"], 6.0


def written() -> dict[str, str]:
    """The hand-written spellings."""
    home, abroad = parts((OUT / "nameparts.txt").read_text(encoding="utf-8"))
    return {**abroad, **home}


# Consonants that a pair of words must share in order to be two spellings of one name.
def alike(hindi: str, latin: str) -> bool:
    a, b = phonetic_key(hindi), phonetic_key(latin)
    if a == b:
        return True
    common = sum((Counter(a) & Counter(b)).values())
    return common >= 0.7 * max(len(a), len(b)) and a[:1] == b[:1]


def words(pairs: list[tuple[str, str, float]]) -> dict[str, Counter[str]]:
    """English spellings, with weights, of each Hindi word that stands at the same place in both names."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for hindi, english, weight in pairs:
        if "," in english:
            last, _, first = english.partition(",")
            english = f"{first} {last}"
        deva = DEVA.findall(fold_deva(hindi.replace("।", ".")))
        latin = LATIN.findall(fold_latin(english).replace("'", ""))
        if len(deva) != len(latin):
            latin = [w for w in latin if len(w) > 1][-1:] if len(deva) == 1 and len(latin) > 1 else []
            deva = deva[-1:]
            if not latin or not alike(deva[0], latin[0]):
                continue
        for d, e in zip(deva, latin, strict=False):
            if len(d) > 1 and len(e) > 1 and alike(d, e):
                found[d][e] += weight
    return found


def misfit(sign: str, piece: str) -> bool:
    """Whether letters begin with a vowel under a consonant, or with a consonant under a vowel (the
    vowel before is its own sign's).
    """
    if not piece or sign[0] in "यवहः":
        return False
    return (piece[0] in "aeiou") != (sign[0] in VOWELS)


def align(pairs: list[tuple[tuple[str, ...], str, float]], rounds: int = 4) -> list[list[str]]:
    """Which letters each sign of each word stands for, by expectation-maximisation over Viterbi alignments."""
    logp: dict[tuple[str, str], float] = {}
    paths: list[list[str]] = []
    for turn in range(rounds):
        counts: dict[tuple[str, str], float] = defaultdict(float)
        totals: dict[str, float] = defaultdict(float)
        paths = []
        for signs, latin, weight in pairs:
            n = len(latin)
            best: list[dict[int, tuple[float, int]]] = [{0: (0.0, 0)}]
            for i, sign in enumerate(signs):
                row: dict[int, tuple[float, int]] = {}
                for at, (score, _) in best[-1].items():
                    for end in range(at, min(n, at + LONGEST) + 1):
                        piece = latin[at:end]
                        if turn:
                            gain = logp.get((sign, piece), -12.0 - len(piece))
                        else:  # at first prefer an even split
                            gain = -abs((end - at) - n / len(signs)) - (2.0 if i == 0 and not piece else 0.0)
                        gain -= MISFIT * misfit(sign, piece)
                        if end not in row or score + gain > row[end][0]:
                            row[end] = (score + gain, at)
                best.append(row)
            if n not in best[-1]:
                paths.append([])
                continue
            at, path = n, []
            for row in reversed(best[1:]):
                back = row[at][1]
                path.append(latin[back:at])
                at = back
            path.reverse()
            paths.append(path)
            for sign, piece in zip(signs, path, strict=True):
                counts[sign, piece] += weight
                totals[sign] += weight
        logp = {(s, p): math.log((c + 0.01) / (totals[s] + 1.0)) for (s, p), c in counts.items()}
    return paths


def learn(pairs: list[tuple[tuple[str, ...], str, float]]) -> dict[str, str]:
    """The letters a sign stands for in each context, kept where they differ from those of the next shorter context."""
    paths = align(pairs)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    shorter: dict[str, str] = {}
    for (signs, _latin, weight), path in zip(pairs, paths, strict=True):
        for i, piece in enumerate(path):
            chain = list(contexts(signs, i))
            for context, parent in zip(chain, [*chain[1:], ""], strict=True):
                counts[context][piece] += weight
                shorter[context] = parent
    smooth: dict[str, dict[str, float]] = {"": {}}
    best: dict[str, str] = {}
    for context in counts:
        resolve(context, counts, shorter, smooth)
    for context in sorted(smooth, key=lambda c: depth(c, shorter)):
        if not context:
            continue
        letters = max(smooth[context].items(), key=lambda item: item[1])[0]
        parent = shorter[context]
        while parent and parent not in best:
            parent = shorter[parent]
        if not parent or best[parent] != letters:
            best[context] = letters
    return best


def depth(context: str, shorter: dict[str, str]) -> int:
    steps = 0
    while context:
        context, steps = shorter[context], steps + 1
    return steps


def resolve(
    context: str, counts: dict[str, Counter[str]], shorter: dict[str, str], smooth: dict[str, dict[str, float]]
) -> dict[str, float]:
    """Counts of a context smoothed with those of the next shorter one (Dirichlet prior of PRIOR observations)."""
    held = smooth.get(context)
    if held is None:
        below = resolve(shorter[context], counts, shorter, smooth)
        table = counts[context]
        total = sum(table.values())
        pieces = set(table) | set(below)
        held = {p: (table[p] + PRIOR * below.get(p, 0.0)) / (total + PRIOR) for p in pieces}
        held = dict(sorted(held.items(), key=lambda item: -item[1])[:6])
        smooth[context] = held
    return held


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--holdout", type=int, default=0, help="leave out and score every Nth pair")
    args = parser.parse_args()
    pairs = [(h, e, w) for h, e, w in names() if h and e]
    test: list[tuple[str, str, float]] = []
    if args.holdout:
        own = [p for p in pairs if p[2] >= 1.0]
        test = own[:: args.holdout]
        gone = {(h, e) for h, e, _ in test}
        pairs = [p for p in pairs if (p[0], p[1]) not in gone]
    table = words(pairs)
    print(len(pairs), "pairs,", len(table), "words")
    # a word seen often is one example of spelling, not many
    examples = [
        (units(h), e, math.log1p(w)) for n, (h, spell) in enumerate(table.items()) for e, w in spell.most_common(3)
        if w >= 0.5 or not n % MINED_SHARE
    ]  # fmt: skip
    for hindi, english in written().items():
        examples.append((units(hindi), re.sub("[^a-z]", "", fold_latin(english)), 1.0))
    model = learn(examples)
    print(len(model), "contexts")
    lexicon = {}
    for hindi, spell in table.items():
        best, weight = spell.most_common(1)[0]
        if weight >= 2.0 and weight >= 0.4 * sum(spell.values()):
            lexicon[hindi] = best
    hand = written()
    trained = Model(model, {**lexicon, **{h: fold_latin(e) for h, e in hand.items()}})
    if test:
        score(trained, Model(model, {}), test)
        return
    with (OUT / "namewords.tsv").open("w", encoding="utf-8") as file:
        file.write("# Hindi name word\tusual English spelling; made by training/names/build.py, see SOURCES.md\n")
        for hindi, english in sorted(lexicon.items()):
            if hindi not in hand and Model(model, {}).word(hindi) != english:
                file.write(f"{hindi}\t{english}\n")
    with (OUT / "transliteration.tsv").open("w", encoding="utf-8") as file:
        file.write("# signs before\tsign\tsigns after\tletters; made by training/names/build.py\n")
        for context, letters in sorted(model.items()):
            left, sign, right = context.split("\x1f")
            file.write(f"{left}\t{sign}\t{right}\t{letters}\n")


def score(model: Model, bare: Model, test: list[tuple[str, str, float]]) -> None:
    table = words(test)
    total = right = plain = key = 0
    wrong = []
    for hindi, spell in table.items():
        english = spell.most_common(1)[0][0]
        total += 1
        got = model.word(hindi)
        right += got in spell
        plain += bare.word(hindi) in spell
        key += phonetic_key(got) == phonetic_key(english)
        if got not in spell:
            wrong.append(f"{hindi} {got} ({english})")
    print(
        f"words {total}: right {right / total:.3f}, context model alone {plain / total:.3f}, same key {key / total:.3f}"
    )
    print("; ".join(wrong[:: max(1, len(wrong) // 60)]))


if __name__ == "__main__":
    main()
