"""The figures of stories as a page: `python -m services.stories.report [--profile P] [--out FILE]`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from services.stories.evaluation import evaluate

HEAD = """# Stories and resolved events

Written by `python -m services.stories.report`; `varta eval stories` prints the same figures.

- *Clusters*: development half of the news clusters (English, 2016-2018), streamed in the order of their dates, one
  setting; and the same articles in shuffled orders in which any may be overtaken by others of up to six hours.
- *Bilingual*: news documents of newstest2014 and the halves of FLORES-200 (Wikinews) and Parallel UD that trained
  nothing, whole in both languages and undated; and dealt out, every other sentence to one language (two or three
  sentences each, none in common). Around 550 of the project's own articles on the same persons and places stream
  between them. A pair counts when both languages' articles are in one story.
- *Copies*: the cluster articles and the project's Hindi articles, up to three edited copies of each. Articles that
  share a quarter of their runs of eight words in reality count as copies, those that share a tenth are left out.
- *Events*: made streams; each event told by 1 to 40 reports with copies, missing dates and places, wrong dates,
  denials, leaders or states as parties; the same parties do the same again some days later. `split` counts events
  that became several, `mixed` those that took another's reports in, both for each true event.
"""


def page(figures: dict[str, Any]) -> str:
    """Markdown of the figures of `evaluate`."""
    lines = [HEAD]
    measures = ["| | precision | recall | F1 |", "|---|---|---|---|"]
    if clusters := figures.get("clusters"):
        lines += ["## Clusters", "", f"{clusters['articles']} articles.", "", *measures]
        lines += [_row(name, clusters[name]) for name in ("bcubed", "pairs")]
        orders = clusters["orders"]
        told = (orders["to_publication_mean"], orders["one_to_another_mean"], orders["one_to_another_least"])
        words = "BCubed F1 of {} shuffled orders to that of publication: {:.3f}; to each other {:.3f}, least {:.3f}."
        lines += ["", words.format(orders["orders"], *told)]
    if bilingual := figures.get("bilingual"):
        lines += ["", "## Bilingual", "", "| documents | precision | recall | F1 |", "|---|---|---|---|"]
        lines += [_row(f"{name} ({row['documents']})", row) for name, row in bilingual.items()]
    if copies := figures.get("copies"):
        lines += ["", "## Copies", "", f"{copies['articles']} articles.", "", *measures]
        lines += [_row("pairs", copies), "", "| edit | found |", "|---|---|"]
        lines += [f"| {name} | {value:.1%} |" for name, value in copies.items() if name in EDITED and value is not None]
    if events := figures.get("events"):
        lines += ["", "## Events", "", "| events | counted | over or under | split | mixed | BCubed F1 |"]
        lines.append("|---|---|---|---|---|---|")
        lines.append(
            f"| {events['events']} | {events['counted']} | {events['over_or_under']:+.1%} | {events['split']:.1%} "
            f"| {events['mixed']:.1%} | {events['bcubed']['f1']:.3f} |"
        )
    return "\n".join(lines) + "\n"


EDITED = ("cut", "led", "credited", "reordered", "respelt")


def _row(name: str, figures: dict[str, float]) -> str:
    return f"| {name} | {figures['precision']:.3f} | {figures['recall']:.3f} | {figures['f1']:.3f} |"


def main() -> int:
    """Write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--profile", default="accurate")
    parser.add_argument("--out", type=Path, default=Path("docs/accuracy/stories.md"))
    arguments = parser.parse_args()
    arguments.out.write_text(page(evaluate(None, arguments.profile)), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
