"""Reduce the source tables of names to what `services/knowledge/data` ships.

    python training/knowledge/build_tables.py

Reads entities, countries, cities and subdivisions from the shared data folder (see
`services.knowledge.shared`), drops what
may not be redistributed under a permissive licence (the LGPL column of the countries) and what nothing
reads, and writes
entities.jsonl, countries.tsv and gazetteer.tsv. Sources and licences stand in `services/knowledge/data/SOURCES.md`.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path

from services.knowledge.shared import ROOT, shared
from services.language.words import key_of

DATA = ROOT / "services" / "knowledge" / "data"


WRONG = {"COG": "कांगो"}  # in the news the bare name is the Democratic Republic


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def write(name: str, head: str, lines: list[list[str]]) -> None:
    text = f"# {head}\n" + "".join("\t".join(line) + "\n" for line in lines)
    (DATA / name).write_text(text, encoding="utf-8")


def entities() -> None:
    kept = ("qid", "name", "name_hi", "kind", "country", "sector", "office", "from", "to", "aliases_en", "aliases_hi")
    out = []
    for line in shared("data", "entities", "entities.jsonl").read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        slim = {k: record[k] for k in kept if record.get(k)}
        if record.get("aliases_ambiguous"):
            slim["aliases_ambiguous"] = record["aliases_ambiguous"]
        out.append(json.dumps(slim, ensure_ascii=False))
    (DATA / "entities.jsonl").write_text("\n".join(out) + "\n", encoding="utf-8")


def countries() -> dict[str, str]:
    iso3: dict[str, str] = {}
    lines = []
    for line in shared("data", "countries", "countries.jsonl").read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        code = record["iso3"] or ("XKX" if record["iso2"] == "XK" else "")
        iso3[record["iso2"]] = code
        if not code:
            continue
        english = [n.replace("’", "'") for n in record["en"] if not n.endswith(("(the)", "*"))]
        record["hi"] = [form for form in record["hi"] if form != WRONG.get(code)]
        capital = record["capital_en"] or ""
        lines.append(
            [
                record["iso2"],
                code,
                record["qid"] or "",
                "|".join(english),
                "|".join(record["hi"]),
                capital,
                str(record["capital_geonameid"] or ""),
                "1" if record["is_country"] else "",
            ]
        )
    write(
        "countries.tsv",
        "iso2	iso3	qid	English names	Hindi names	capital	GeoNames id of the capital	is a state",
        lines,
    )
    return iso3


def gazetteer(iso3: dict[str, str]) -> None:
    lines: list[list[str]] = []

    def add(ident: str, english: str, country: str, inhabitants: str, hindi: list[str]) -> None:
        keys = dict.fromkeys(key for key in map(key_of, [english, *hindi]) if key)
        lines.append([ident, english, country, inhabitants, "|".join(keys)])

    for row in rows(shared("data", "cities", "cities_deva.tsv")):
        hindi = [row["hi_label"]] if row["hi_label"] else []
        hindi += [form for form in row["deva_all"].split("|") if form and form not in hindi and "ॅ" not in form]
        code = iso3.get(row["country"], "")
        add(f"geo:{row['geonameid']}", row["name_en"], code, row["population"], hindi)
    for row in rows(shared("data", "subdivisions", "subdivisions_hi_en.tsv")):
        code = row["code"].upper()
        hindi = [form for form in (row["hi_naturalearth"], row["hi_cldr"]) if form]
        thing = row["qid"] or f"iso:{code[:2]}-{code[2:]}"
        add(thing, row["en"], iso3.get(code[:2], ""), "", hindi)
    for row in rows(shared("data", "subdivisions", "india_districts_hi_en.tsv")):
        if row["district_hi"]:
            slug = f"x:in-{row['district_en'].lower().replace(' ', '-')}"
            add(slug, row["district_en"], "IND", "", [row["district_hi"]])
    write("gazetteer.tsv", "id	English name	country	inhabitants	keys of the forms in both scripts", lines)


if __name__ == "__main__":
    entities()
    gazetteer(countries())
