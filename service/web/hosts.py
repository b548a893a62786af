"""Under which name the service answers, and from whose pages.

Nothing here depends on ``X-Forwarded-*``: anyone who can reach the port can write it.
"""

import ipaddress
from dataclasses import dataclass
from typing import Self
from urllib.parse import SplitResult, urlsplit

from flask import Flask, request

from service.config import Settings
from service.domain import site as address
from service.web.refusals import ForbiddenOriginError, WrongHostError


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
    the loopback address that the service is bound to, for users at the machine.
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
        return cls(origin=address.origin(settings.url), hosts=hosts, secure=url.scheme == "https")


def _names(url: SplitResult) -> frozenset[str]:
    host, port = address.bracketed(url.hostname or ""), address.port_of(url)
    usual = {host} if port == address.PORTS[url.scheme] else set()
    return frozenset(usual | {f"{host}:{port}"})


def register(app: Flask, site: Site) -> None:
    """Refuse calls under a foreign name (DNS rebinding), and calls from foreign pages."""

    @app.before_request
    def _check() -> None:
        # From the environment itself: a missing Host is refused and not made up from the port.
        if request.environ.get("HTTP_HOST", "").lower() not in site.hosts:
            raise WrongHostError
        if request.headers.get("Origin", site.origin) != site.origin:
            raise ForbiddenOriginError
