"""The service's own address, as browsers write it."""

from urllib.parse import SplitResult, urlsplit

PORTS = {"http": 80, "https": 443}


def origin(url: str) -> str:
    """As a browser writes it (RFC 6454, 6.2): lower case, and no port where it is the usual one."""
    parts = urlsplit(url)
    port = port_of(parts)
    suffix = "" if port == PORTS[parts.scheme] else f":{port}"
    return f"{parts.scheme}://{bracketed(host(url))}{suffix}"


def host(url: str) -> str:
    """The host's name in lower case: what WebAuthn binds a passkey to, as its RP id."""
    return urlsplit(url).hostname or ""


def port_of(parts: SplitResult) -> int:
    """The port, also where it is left out."""
    return parts.port or PORTS[parts.scheme]


def bracketed(name: str) -> str:
    """A host as it is written in a URL."""
    return f"[{name}]" if ":" in name else name
