"""What a consent is given besides the payload, and what it returns: plain data, the same in JSON.

``vectors/consents.json`` carries both, so every name is one word and every value is text, a number,
true or false, a list or an object. Times are wire times.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Values that were verified, but for those marked as said: the words say so too.

    The account: ``account`` is its id, ``called`` its name in the roster, ``roster`` the version by
    which the act counts. ``anchor`` and ``day`` are version and date of the newest roster that I
    signed, 0 for none. ``names`` are those of the verified rosters, by id. ``beside`` are other
    lines of the account: ``account``, ``verified`` here or only said, and ``able``, always said.
    ``source`` is who says what is only said: the service, or a bundle.

    ``now`` is the time by this device's clock. ``warnings`` are sentences about what
    was found before, such as an entry that the log does not prove.

    The request: ``request`` is its verified payload, ``entered`` the time of its proved entry.
    ``denials`` is its roster's rule. ``approved`` are ids, ``withdraws`` an approval of mine that a
    denial takes back. ``ending`` says when its end exposes the password: ``alone``, with
    ``earlier`` requests as the service lists them, or never (empty).

    The envelope: ``envelope`` has ``version``, ``roster`` (a version), ``sealer``, ``foreign``
    (sealed by a requester) and ``state`` (said). ``receipt``: signed as well. ``earlier`` are
    requests that had my share before: ``request``, ``reason``, ``listed`` (only said).
    ``groups`` has by group how many are ``needed`` of which ``people``. ``oldkeys`` are people who
    cannot open what is sealed now. ``email`` is what root signs in with, ``address`` the roster's.

    A roster: ``changes`` since version ``since``, where I signed or compared one; ``heard`` are
    people whose words were compared; ``ends`` is what it ends, in a sentence.

    Keys: ``role``, ``email`` and ``replaces`` of an invitation (all said), and ``waiting``
    requests that are kept here.
    """

    account: str = ""
    called: str = ""
    roster: int = 0
    anchor: int = 0
    day: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    beside: Sequence[Data] = ()
    source: str = "the service"
    now: str = ""
    warnings: Sequence[str] = ()
    request: Data = field(default_factory=dict)
    entered: str = ""
    denials: str = ""
    approved: Sequence[str] = ()
    withdraws: bool = False
    ending: str = ""
    envelope: Data = field(default_factory=dict)
    receipt: bool = False
    earlier: Sequence[Data] = ()
    groups: Mapping[str, Data] = field(default_factory=dict)
    oldkeys: Sequence[str] = ()
    email: str = ""
    address: str = ""
    since: int = 0
    changes: Sequence[str] = ()
    heard: Sequence[str] = ()
    ends: str = ""
    role: str = ""
    replaces: bool = False
    waiting: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """What is shown before something is signed; each text is one line, and nothing is markup."""

    title: str
    rows: tuple[tuple[str, str], ...]
    warnings: tuple[str, ...]
    effect: str
    button: str
