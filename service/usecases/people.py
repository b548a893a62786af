"""People: who I am, who there is; and what the worker tidies up."""

from crypto.encoding import b64encode
from service.domain import errors
from service.storage import challenges, people, sessions, slots
from service.storage.people import Registered
from service.usecases import attempts
from service.usecases.context import Caller, Context
from service.wire.people import People, Person


def me(ctx: Context, caller: Caller) -> Person:
    """The caller as the service knows them."""
    with ctx.read() as unit:
        return shape(people.get(unit.session, caller.person))


def everybody(ctx: Context, caller: Caller) -> People:
    """Everyone who was invited, sorted by name, with the keys that a roster may name.

    Raises:
        NotAllowedError: the caller is neither operator nor auditor.
    """
    if not caller.operator and not caller.auditor:
        raise errors.NotAllowedError
    with ctx.read() as unit:
        return People(people=[shape(found) for found in people.everybody(unit.session)])


def shape(found: Registered) -> Person:
    """A person as the API shows them; keys and fingerprint are empty before they have enrolled."""
    person, enrolled = found.person, found.enrolled
    keys = enrolled.keys if enrolled else None
    return Person(
        person=person.id,
        name=person.name,
        email=person.email,
        operator=person.operator,
        auditor=person.auditor,
        encryption_key=b64encode(keys.encryption_key) if keys else "",
        signing_key=b64encode(keys.signing_key) if keys else "",
        fingerprint=keys.keyid if keys else "",
        identity=enrolled.digest if enrolled else "",
    )


def sweep(ctx: Context) -> None:
    """Delete what was over long ago, slots, sessions, challenges, and log failures not yet logged.

    For the worker, every few minutes.
    """
    with ctx.write() as unit:
        slots.forget(unit.session, unit.now)
        sessions.forget(unit.session, unit.now)
        challenges.forget(unit.session, unit.now)
        events = [
            *attempts.pending(unit, attempts.SIGN_IN),
            *attempts.pending(unit, attempts.ENROLMENT),
        ]
        if events:
            unit.record(*events)
