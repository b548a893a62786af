"""The salt of an address, the same for good: whether anyone is there or not, and whoever it is.

If a new phrase or identity brought another salt, someone who asks twice would know that there is an
account: what is made up for strangers never moves.
"""

import hmac
from contextlib import suppress

from crypto.encoding import b64decode
from crypto.errors import MalformedError
from service.domain import errors
from service.domain.slots import SALT_LENGTH
from service.storage import people, salt_key, slots
from service.usecases.context import Context


def salt_of(ctx: Context, email: str) -> bytes:
    """Return what the phrase of ``email``, in its one spelling, is stretched with.

    A phrase that is there has its salt beside it: the same, unless it is older than this rule.
    """
    key = _key(ctx)
    usual = hmac.digest(key, email.encode(), "sha256")[:SALT_LENGTH]
    with ctx.read() as unit:
        slot = slots.phrase_of_email(unit.session, email)
    return slot.salt if slot else usual


def check(ctx: Context, person: str, salt: str) -> None:
    """Accept for a new phrase the salt (base64) of the person's address, and no other.

    Raises:
        MalformedError: another one, by which the address would be known to have an account.
        NotFoundError: there is no such person.
    """
    with ctx.read() as unit:
        email = people.get(unit.session, person).person.email
    if b64decode(salt) != salt_of(ctx, email):
        raise MalformedError("a recovery phrase must be stretched with the salt of its address")


def _key(ctx: Context) -> bytes:
    with ctx.read() as unit:
        key = salt_key.read(unit.session)
    if key is not None:
        return key
    with suppress(errors.ConflictError), ctx.write() as writing:
        salt_key.make(writing.session)
    return _key(ctx)
