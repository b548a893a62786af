"""Enrolment, sign-in, sessions, key slots."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from service.wire.base import Base64, Digest, Dsse, Email, Id, Key, Shape, Time
from service.wire.passkeys import Assertion, Attestation, Credential

Token = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{43}$", description="32 random bytes")]
Name = Annotated[str, Field(min_length=1, max_length=100)]


class InvitationToken(Shape):
    """The secret part of an enrolment link; posted, so that no access log has it."""

    token: Token


class Invitee(Shape):
    """Whom a link is for. ``replaces``: the person has keys, which the enrolment replaces.

    ``salt`` is what the new phrase is stretched with, as it is when they sign in.
    """

    person: Id
    name: str
    email: str
    operator: bool
    auditor: bool
    replaces: bool
    expires_at: Time
    salt: Base64


class NewInvitation(Shape):
    """An operator invites. With ``person``, that person may enrol anew."""

    email: Email
    name: Name
    operator: bool = False
    auditor: bool = False


class Invitation(Shape):
    """The link's token; it is shown once and only its hash is stored. Valid for 24 hours."""

    person: Id
    token: Token
    url: str
    expires_at: Time
    leaf: int


class RoleWithdrawal(Shape):
    """Which role an operator takes back."""

    role: Literal["operator", "auditor"]


class PhraseSlot(Shape):
    """A wrapped root and how to unwrap it with a recovery phrase.

    ``sign_in_digest`` is the SHA-256 of the sign-in key; ``iterations`` is always 600,000.
    """

    statement: Dsse
    wrapped_root: Base64
    salt: Base64
    iterations: Literal[600_000]
    sign_in_digest: Digest


class NewPasskey(Shape):
    """A passkey's slot; ``wrapped_root`` is empty where it can only sign in."""

    statement: Dsse
    wrapped_root: Base64 = ""
    attestation: Attestation


class Enrolment(Shape):
    """A person's new identity with its first slot, and a passkey if they made one."""

    token: Token
    statement: Dsse
    slot: PhraseSlot
    passkey: NewPasskey | None = None


class EmailOnly(Shape):
    """Who wants to sign in."""

    email: Email


class SignInParameters(Shape):
    """What a phrase is stretched with: of each address always the same salt, known or not."""

    salt: Base64
    iterations: Literal[600_000]


class SignIn(Shape):
    """The sign-in key (32 bytes), derived from the phrase on the person's device.

    ``cookie``: the session travels in a cookie and the answer's token is empty. For pages of this
    very service.
    """

    email: Email
    sign_in_key: Key
    cookie: bool = False


class PasskeySignIn(Shape):
    """What a passkey answered to a challenge for signing in; the session travels in a cookie."""

    assertion: Assertion


class Freshen(Shape):
    """A proof that it is the person still: the sign-in key again, or a passkey's answer."""

    sign_in_key: Annotated[str, Field(pattern=r"^([A-Za-z0-9+/]{43}=)?$")] = ""
    assertion: Assertion | None = None

    @model_validator(mode="after")
    def _one_proof(self) -> Self:
        if bool(self.sign_in_key) is (self.assertion is not None):
            raise ValueError("exactly one proof")
        return self


class SessionOpened(Shape):
    """A bearer token, empty where a cookie has it; idle 30 minutes, absolute 12 hours.

    ``own_statement`` is the person's newest statement in the log that names a head of it, signed
    with the keys that they have now, or nothing: for a device that has not seen the log before.
    """

    token: Annotated[str, Field(pattern=r"^([A-Za-z0-9_-]{43})?$")]
    session: Id
    person: Id
    name: str
    expires_at: Time
    own_statement: Dsse | None = None


class Session(Shape):
    """One of my sessions."""

    session: Id
    kind: Literal["bearer", "cookie"]
    created_at: Time
    last_used_at: Time
    expires_at: Time
    current: bool


class Sessions(Shape):
    """My sessions, newest first."""

    sessions: list[Session]


class Person(Shape):
    """Someone who can sign in; keys are empty until they have enrolled.

    ``identity`` is the digest of the statement by which they enrolled them.
    """

    person: Id
    name: str
    email: str
    operator: bool
    auditor: bool
    encryption_key: str
    signing_key: str
    fingerprint: str
    identity: str


class People(Shape):
    """Everybody, sorted by name."""

    people: list[Person]


class Slot(Shape):
    """One of my key slots, with what it takes to unwrap it; ``credential`` is a passkey's id."""

    slot: Id
    kind: Literal["phrase", "passkey", "sign-in-only"]
    credential: Credential
    wrapped_root: Base64
    salt: Base64
    iterations: int
    created_at: Time


class Slots(Shape):
    """My slots."""

    slots: list[Slot]


class SlotChange(Shape):
    """A signed ``slot`` statement and, unless it removes, the new slot's parts.

    A phrase brings salt, iterations and sign-in digest; a passkey its attestation; both a wrapped
    root, unless the passkey only signs in.
    """

    statement: Dsse
    wrapped_root: Base64 = ""
    salt: Base64 = ""
    iterations: Literal[0, 600_000] = 0
    sign_in_digest: str = Field(default="", pattern=r"^([0-9a-f]{64})?$")
    attestation: Attestation | None = None
