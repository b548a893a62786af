"""What shows that a requester could seal: their own release, proved to be in the log."""

from service.wire.base import Dsse, Shape
from service.wire.log import ProvenLeaf


class ProvenStatement(Shape):
    """A statement, and the leaf that has it."""

    statement: Dsse
    leaf: ProvenLeaf


class Successor(Shape):
    """The release that a requester's manifest follows, for anyone who does not have the whole log.

    ``approvals`` are those that counted at the release, ``opened`` is the manifest that the request
    names, ``sealed`` the leaf of the requester's own. All leaves lead to ``checkpoint``.
    """

    request: ProvenStatement
    approvals: list[ProvenStatement]
    release: ProvenStatement
    opened: Dsse
    sealed: ProvenLeaf
    checkpoint: str
