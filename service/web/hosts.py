"""Under which name the service answers, and from whose pages.

``X-Forwarded-*`` is not read anywhere: whoever can reach the port can write it.
"""

import ipaddress
from dataclasses import dataclass
from typing import Self
from urllib.parse import SplitResult, urlsplit

from flask import Flask, request

from service.config import Settings
from service.web.refusals import ForbiddenOriginError, WrongHostError

_PORTS = {"http": 80, "https": 443}


def is_loopback(host: str) -> bool:
    """Whether a bare host name or address stays on this machine."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The service as others address it.

    ``hosts`` are the accepted values of ``Host``, in lower case: that of the URL, and those of
    the loopback address that the service is bound to, for whoever sits at the machine.
    """

    origin: str
    hosts: frozenset[str]
    secure: bool

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Read the URL and the address to bind to."""
        url = urlsplit(settings.url)
        bound = urlsplit(f"//{settings.bind}")
        hosts = _names(url)
        if is_loopback(bound.hostname or "") and bound.port is not None:
            hosts |= {f"{name}:{bound.port}" for name in ("localhost", "127.0.0.1", "[::1]")}
        return cls(origin=_origin(url), hosts=hosts, secure=url.scheme == "https")


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _names(url: SplitResult) -> frozenset[str]:
    host, port = _bracketed(url.hostname or ""), url.port or _PORTS[url.scheme]
    usual = {host} if port == _PORTS[url.scheme] else set()
    return frozenset(usual | {f"{host}:{port}"})


def _origin(url: SplitResult) -> str:
    """As a browser writes it (RFC 6454, 6.2): lower case, and no port where it is the usual one."""
    host, port = _bracketed(url.hostname or ""), url.port or _PORTS[url.scheme]
    suffix = "" if port == _PORTS[url.scheme] else f":{port}"
    return f"{url.scheme}://{host}{suffix}"


def register(app: Flask, site: Site) -> None:
    """Refuse calls under a foreign name (DNS rebinding), and calls from foreign pages."""

    @app.before_request
    def _check() -> None:
        # From the environment itself: a missing Host is refused and not made up from the port.
        if request.environ.get("HTTP_HOST", "").lower() not in site.hosts:
            raise WrongHostError
        if request.headers.get("Origin", site.origin) != site.origin:
            raise ForbiddenOriginError
