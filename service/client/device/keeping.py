"""What a requester's device keeps of its own requests besides their keys, and for how long.

``requests/<id>.statement`` is the request as it was signed here: what the service returns later is
compared with it. ``requests/<id>.released`` is what the service released, already verified; its
shares open with the key beside it, so both are deleted together.
"""

import contextlib
from datetime import datetime, timedelta

from pydantic import ValidationError

from crypto import statement as statements
from crypto.encoding import parse_time
from crypto.errors import CryptoError
from crypto.statement import Statement
from service.client.device import requestkeys
from service.client.device.home import Home
from service.client.foundation.errors import ClientRefusal
from service.wire.requests import Released

_SLACK = timedelta(minutes=10)  # between this device's clock and the service's


def keep_statement(home: Home, statement: Statement) -> None:
    """Keep my own request as I signed it."""
    home.write(_name(statement.payload["request"], "statement"), statement.raw)


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


def forget_released(home: Home, request: str) -> None:
    """Remove what was released; the request's key stays."""
    home.remove(_name(request, "released"))


def forget(home: Home, request: str) -> None:
    """Destroy all that this device keeps of a request."""
    requestkeys.destroy(home, request)  # first: after a crash the rest opens nothing
    forget_released(home, request)
    home.remove(_name(request, "statement"))


def sweep(home: Home, now: datetime) -> None:
    """Destroy what is kept of requests that ended more than ten minutes ago by this clock."""
    for path in (home.path / "requests").glob("*.statement"):
        with contextlib.suppress(ClientRefusal):
            statement = own_statement(home, path.stem)
            if now >= useful_until(statement) + _SLACK:
                forget(home, path.stem)


def useful_until(statement: Statement) -> datetime:
    """Return when a request signed here is over at the latest: its lifetime plus its window."""
    seconds = statement.payload["lifetime"] + statement.payload["window"]
    return parse_time(statement.payload["at"]) + timedelta(seconds=seconds)


def _name(request: str, what: str) -> str:
    requestkeys.check_id(request)
    return f"requests/{request}.{what}"
