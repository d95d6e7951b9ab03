"""Who stands behind an article: outlets of one owner count as one source."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from services.language.scripts import fold

_SECOND_LEVEL = frozenset(("co", "com", "org", "net", "gov", "ac", "edu", "nic"))


@cache
def _owners() -> dict[str, str]:
    """Owner of each domain and outlet name in data/owners.tsv (domain or name, owner)."""
    table: dict[str, str] = {}
    for line in (Path(__file__).parent / "data" / "owners.tsv").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            outlet, owner = line.split("\t")
            table[fold(outlet)] = owner
    return table


@lru_cache(maxsize=1 << 16)
def domain_of(host: str) -> str:
    """The registered domain of a host: africa.chinadaily.com.cn gives chinadaily.com.cn."""
    labels = host.lower().strip(".").split(".")
    if len(labels) < 2:
        return host.lower()
    keep = 3 if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL else 2
    return ".".join(labels[-keep:])


def owner_of(article: Mapping[str, Any]) -> str:
    """Owner of the article's outlet: by its domain, then by its name; the agency first when it is the author.

    Empty where nothing is known of the source.
    """
    owners = _owners()
    agency = article.get("agency")
    if agency:
        name = fold(agency)
        return owners.get(name, name)
    host = article.get("host") or urlsplit(article.get("url") or "").hostname or ""
    source = article.get("source") or ""
    if not host and "." in source and " " not in source:
        host = source
    if host:
        domain = domain_of(host)
        return owners.get(domain, domain)
    name = fold(source)
    return owners.get(name, name)
