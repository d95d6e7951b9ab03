"""Who an article is: canonical address, content hash, deterministic id."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

from services.language.characters import reading

_TRACKING = re.compile(
    r"(?:utm_\w+|fbclid|gclid|gclsrc|dclid|msclkid|yclid|igshid|igsh|mc_cid|mc_eid|_hsenc|_hsmi|ref|ref_src|ref_url|refsrc|"
    r"cmpid|ncid|ocid|sr_share|smid|soc_src|soc_trk|xtor|amp|outputtype|share|via|ito|cid|spm|wt\.\w+|at_\w+|pk_\w+|_ga|s_cid)"
)
_DEFAULT_PORT = {"http": ":80", "https": ":443"}


def canonical_url(url: str | None) -> str | None:
    """One address for the many of an article: lower-case host, no tracking parameters, fragment or default port.

    None when it is not an http(s) address.
    """
    if not url:
        return None
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").lower()
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return None
    scheme = parts.scheme.lower()
    if scheme not in ("http", "https") or "." not in host:
        return None
    if port == _DEFAULT_PORT[scheme]:
        port = ""
    query = urlencode(
        sorted((k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.fullmatch(k.lower()))
    )
    path = quote(unquote(parts.path, errors="surrogateescape"), safe="/:@!$&'()*+,;=~-._", errors="surrogateescape")
    return urlunsplit((scheme, host.rstrip(".") + port, path.rstrip("/") or "/", query, ""))


def host_of(url: str | None) -> str | None:
    """Host of an address without `www.`, as it is used as a source's name."""
    host = urlsplit(url).hostname if url else None
    return host.removeprefix("www.").removeprefix("amp.").removeprefix("m.") if host else None


def content_hash(reads: Iterable[str]) -> str:
    """SHA-256 over the readings of the lines of the clean text."""
    return hashlib.sha256("\n".join(reads).encode("utf-8", "surrogatepass")).hexdigest()


def article_id(own: str | None, url: str | None, source: str | None, content: str) -> str:
    """Same source identity and content, same id, whenever it is computed."""
    identity = "\x1f".join((own or "", url or "", source or "", content))
    return hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:24]


def text_reading(text: str) -> str:
    """Reading of a whole text, line by line."""
    return "\n".join(reading(line) for line in text.split("\n"))
