"""The figures as the page docs/accuracy/normalizer.md."""

from __future__ import annotations

from typing import Any

_INTRO = """# Normalizer
Written by `python -m services.normalizer.evaluation`; `varta eval normalizer` prints the same figures.

- **Seeds**: every string of `boilerplate` gone, every sentence of content kept to the letter, copies counted as in
  `repeated_blocks`.
- **Pages**: word F1 on the pages of the article extraction benchmark (English, 2019), beside trafilatura alone on the
  same pages in the same run. No rule was written for them, but their worst misses were looked at.
- **Hindi furniture**: no public set exists. Real Hindi news sentences (WMT 2014) stand in the furniture of layouts
  written after the manner of Hindi sites. Rules were written against the seen half; the unseen half was written
  afterwards and its misses were not looked at. Bylines, credits and captions are kept in the text as typed blocks and
  count on neither side.
- **Languages**: FLORES-200 sentences of the half that the model did not learn from. Romanised Hindi: PUD sentences,
  each word in an attested Latin spelling or in Varta's own transliteration.
- **Speed** is by processor time, on whatever else ran on the machine.
"""


def markdown(figures: dict[str, Any]) -> str:
    """The page."""
    pages, seeds = figures["pages"], figures["seeds"]
    parts = [_INTRO, "## Seeds\n", _table(("figure", "right"), [(k, v) for k, v in seeds.items() if k != "misses"])]
    if seeds["misses"]:
        parts.append("\n".join(f"- {miss}" for miss in seeds["misses"]))
    rows = [
        (name, *(_percent(pages[name][k]) for k in ("precision", "recall", "f1"))) for name in ("varta", "trafilatura")
    ]
    parts += [
        f"\n## Pages\n{pages['pages']} pages; better and worse than trafilatura by more than 0.1 point: "
        f"{pages['pages better, worse']}.\n",
        _table(("extraction", "precision", "recall", "F1"), rows),
        f"\nTime of trafilatura alone over Varta's: {_percent(pages['speed, share of trafilatura'])}.",
        "\n## Hindi furniture\n",
        _table(
            ("layout", "precision", "recall", "F1"),
            [
                *_layouts(figures["Hindi furniture, unseen layouts"], "unseen: "),
                *_layouts({"all": figures["Hindi furniture, seen layouts"]}, "seen: "),
            ],
        ),
        "\n## Languages\n",
        _table(
            ("language", "sentences", "pieces of five words"),
            [
                *(
                    (t, s, figures["languages"]["pieces of five words"][t])
                    for t, s in figures["languages"]["sentences"].items()
                ),
                (
                    "hi-Latn",
                    figures["romanised Hindi"]["sentences"],
                    figures["romanised Hindi"]["pieces of five words"],
                ),
            ],
        ),
        "\n## Speed\n",
        _table(("input", "a second"), list(figures["speed"].items())),
        "\n## Hostile input\nSeconds for inputs of up to a megabyte that are made to be slow, the five slowest.\n",
        _table(("input", "seconds"), [(k, f"{v:.2f}") for k, v in list(figures["hostile input, seconds"].items())[:5]]),
    ]
    return "\n".join(parts) + "\n"


def _layouts(by: dict[str, dict[str, float]], prefix: str) -> list[tuple[str, ...]]:
    return [(prefix + name, *(_percent(w[k]) for k in ("precision", "recall", "f1"))) for name, w in by.items()]


def _percent(value: float) -> str:
    return f"{100 * value:.2f} %"


def _table(heads: tuple[str, ...], rows: list[tuple[Any, ...]]) -> str:
    lines = ["| " + " | ".join(heads) + " |", "| " + " | ".join("---" for _ in heads) + " |"]
    return "\n".join([*lines, *("| " + " | ".join(map(str, row)) + " |" for row in rows)])
