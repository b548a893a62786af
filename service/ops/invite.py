"""An enrolment link from the server's shell."""

from pydantic import ValidationError

from crypto.errors import MalformedError
from crypto.randomness import random_uuid
from service.usecases import invitations
from service.usecases.context import Caller, Context
from service.wire.people import Invitation, NewInvitation


def invite(
    ctx: Context, *, actor: str, email: str, name: str, operator: bool, auditor: bool
) -> Invitation:
    """Issue a link; anyone with the shell may, and it is announced.

    Raises:
        MalformedError: what was typed is no e-mail address or no name.
        TakenError: the address belongs to a person with another name or other roles.
    """
    try:
        body = NewInvitation(email=email, name=name, operator=operator, auditor=auditor)
    except ValidationError:
        raise MalformedError(
            "an invitation needs an e-mail address and a name of 1 to 100 characters"
        ) from None
    caller = Caller(person=actor, operator=True, auditor=False, session=random_uuid(), fresh=True)
    return invitations.invite(ctx, caller, body)
