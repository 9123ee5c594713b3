"""Where the service is: one URL, several replicas, or a UNIX socket."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

import httpx

from ._errors import ConfigurationError

VARIABLE = "POOLING_SERVER_URL"
DEFAULT = "http://127.0.0.1:8080"
_UNIX = "unix:"


def addresses(given: str | Sequence[str] | None) -> tuple[str, ...]:
    """The URLs to use, without a slash at the end: those given, those in POOLING_SERVER_URL, or the default."""
    source, urls = "url", given
    if urls is None:
        source, urls = VARIABLE, os.environ.get(VARIABLE) or DEFAULT
    parts = urls.split(",") if isinstance(urls, str) else list(urls) if isinstance(urls, Iterable) else [urls]
    for part in parts:
        if not isinstance(part, str):
            raise ConfigurationError(f"{source}: expected a URL such as {DEFAULT}, or a list of them, got {given!r}")
    found = tuple(_checked(part.strip(), source).rstrip("/") for part in parts)
    if not found:
        raise ConfigurationError(f"{source}: no URL; give one such as {DEFAULT}")
    if len(found) > 1 and any(url.startswith(_UNIX) for url in found):
        raise ConfigurationError(f"{source}: a UNIX socket must be the only address")
    return found


def socket_path(urls: tuple[str, ...]) -> str | None:
    """The UNIX socket, if the address is one."""
    return urls[0].removeprefix(_UNIX) if urls[0].startswith(_UNIX) else None


def base_url(url: str) -> str:
    """What the path of a request is appended to."""
    return "http://localhost" if url.startswith(_UNIX) else url


def _checked(url: str, source: str) -> str:
    if url.startswith(_UNIX) and len(url) > len(_UNIX):
        return url
    if "://" not in url:
        example = f"http://{url}" if url else DEFAULT
        raise ConfigurationError(f"{source}: '{url}' has no scheme; write '{example}'")
    try:
        parts = httpx.URL(url)
        has_more = bool(urlsplit(url).query or urlsplit(url).fragment)
    except (httpx.InvalidURL, ValueError) as error:
        raise ConfigurationError(f"{source}: '{url}' is not a URL: {error}") from error
    if parts.scheme not in ("http", "https") or not parts.host or has_more:
        raise ConfigurationError(f"{source}: expected http:// or https:// with a host and no query, got '{url}'")
    return url
