"""What a requester's device keeps of its own requests besides their keys.

``requests/<id>.statement`` is the request as it was signed here: what the service returns later is
compared with it. ``requests/<id>.releasing`` is there once its owner has signed a release.
``requests/<id>.released`` is what the service released, already verified; its shares open with the
key beside it alone, which is wrapped. When all of it is destroyed, ``trust.ending`` decides.
"""

import contextlib

from pydantic import ValidationError

from crypto import statement as statements
from crypto.errors import CryptoError
from crypto.statement import Statement
from service.client.device import requestkeys
from service.client.device.home import Home
from service.client.foundation.errors import ClientRefusal
from service.wire.requests import Released


def keep_statement(home: Home, statement: Statement) -> None:
    """Keep my own request as I signed it."""
    home.write(_name(statement.payload["request"], "statement"), statement.raw)


def keep_redated(home: Home, statement: Statement) -> None:
    """Keep the same request as it was signed anew, beside the first: one of them is entered."""
    home.write(_name(statement.payload["request"], "redated"), statement.raw)


def redated(home: Home, request: str) -> Statement | None:
    """Return my own request as it was signed anew with the service's time, if it was."""
    data = home.read(_name(request, "redated"))
    if data is not None:
        with contextlib.suppress(CryptoError):
            return statements.parse(data)
    return None


def settle_redated(home: Home, entered: Statement) -> None:
    """Keep the one that is proved to be entered as the request, and no other."""
    keep_statement(home, entered)
    home.remove(_name(entered.payload["request"], "redated"))


def own_statement(home: Home, request: str) -> Statement:
    """Return my own request as I signed it on this device.

    Raises:
        ClientRefusal: ``not-my-request``: it was made elsewhere, or is over.
    """
    data = home.read(_name(request, "statement"))
    if data is not None:
        with contextlib.suppress(CryptoError):
            return statements.parse(data)
    raise ClientRefusal(
        "not-my-request",
        "this request was not made on this device, or is over",
        "use the device that made it, or ask again: breakglass request --again ID",
    )


def signed_as(home: Home, request: str, entered: bytes) -> Statement | None:
    """Return my own request as it was signed here with these bytes, first or anew; else None.

    Raises:
        ClientRefusal: as :func:`own_statement`.
    """
    both = (own_statement(home, request), redated(home, request))
    return next((mine for mine in both if mine is not None and mine.raw == entered), None)


def keep_released(home: Home, released: Released) -> None:
    """Keep what was released, so that opening it again within the window needs no second fetch."""
    home.write(_name(released.id, "released"), released.model_dump_json().encode())


def kept_released(home: Home, request: str) -> Released | None:
    """Return what was released before, if it is here. The caller verifies it again."""
    data = home.read(_name(request, "released"))
    if data is None:
        return None
    try:
        return Released.model_validate_json(data)
    except ValidationError:
        return None


def forget(home: Home, request: str) -> None:
    """Destroy all that this device keeps of a request."""
    requestkeys.destroy(home, request)  # first: after a crash the rest opens nothing
    for what in ("released", "releasing", "redated", "statement"):
        home.remove(_name(request, what))


def note_releasing(home: Home, request: str) -> None:
    """Note, before it is posted, that a release of this request was signed here."""
    home.write(_name(request, "releasing"), b"")


def was_releasing(home: Home, request: str) -> bool:
    """Return whether a release of this request was ever signed here."""
    return home.read(_name(request, "releasing")) is not None


def kept_requests(home: Home) -> tuple[Statement, ...]:
    """Return every request whose key is kept here, as it was signed; oldest first.

    One whose statement is missing or damaged is left out: nothing tells when it is over.
    """
    found = []
    for path in (home.path / "requests").glob("*.key"):
        with contextlib.suppress(ClientRefusal):
            found.append(own_statement(home, path.stem))
    return tuple(sorted(found, key=lambda one: one.payload["at"]))


def _name(request: str, what: str) -> str:
    requestkeys.check_id(request)
    return f"requests/{request}.{what}"
