"""The files that people pass by hand while the service is gone. None of them holds a secret.

A request names what is asked; a decision brings a share sealed to that request alone; a case is all
of it together, to be brought in when the service is back; a report of papers is handed in alone.
"""

from typing import Literal

from service.wire.base import Base64, Dsse, Shape
from service.wire.requests import OfflineImport


class OfflineRequest(Shape):
    """A signed request, to be handed to custodians of both groups."""

    format: Literal["breakglass-offline-request/1"]
    request: Dsse


class OfflineDecision(Shape):
    """A signed approval and the share that it sealed to the request."""

    format: Literal["breakglass-offline-decision/1"]
    decision: Dsse
    resealed_share: Base64


class OfflineCase(Shape):
    """Everything that was signed, to be brought in by ``offline import``."""

    format: Literal["breakglass-offline-case/1"]
    case: OfflineImport


class OfflinePapers(Shape):
    """What was signed by someone who opened an envelope with papers, to be handed in later."""

    format: Literal["breakglass-offline-papers/1"]
    report: Dsse
