"""The documents say what is: tables generated from the code, links that lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from services.knowledge.shared import ROOT

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    missing = [link for link in LINK.findall(page.read_text(encoding="utf-8")) if not (page.parent / link).exists()]
    assert missing == []


@pytest.mark.parametrize("index", ["choices", "accuracy"])
def test_the_index_names_every_part(index: str) -> None:
    page = (ROOT / "docs" / f"{index}.md").read_text(encoding="utf-8")
    parts = {f"{index}/{part.name}" for part in (ROOT / "docs" / index).glob("*.md")}
    assert parts <= set(LINK.findall(page))
