"""Calls of people about themselves: invitations, sessions, slots, roles."""

from dataclasses import replace

from crypto.encoding import b64decode
from crypto.identity import Identity
from service.usecases import assertions, enrolment, invitations, passkeys
from service.wire.passkeys import Nothing
from service.wire.people import (
    EmailOnly,
    Enrolment,
    Freshen,
    Invitation,
    InvitationToken,
    NewInvitation,
    PasskeySignIn,
    RoleWithdrawal,
)
from tests.api.fuzz.walk import Call, Walk, makes
from tests.cast import email
from tests.fakes.authenticator import Authenticator
from tests.usecases.people import acts
from tests.usecases.people.acts import Phrase
from tests.usecases.people.passkeys import as_change, signed


def _invitation(walk: Walk) -> NewInvitation:
    address = f"{walk.pick('nina', 'Otto', 'p.q')}.{walk.new()}@corp.example"
    return NewInvitation(email=address, name=walk.name(), operator=walk.pick(True, False))


def _invited(walk: Walk) -> Invitation:
    return invitations.invite(walk.world.ctx, acts.OPERATOR, _invitation(walk))


@makes("invitation.create")
def invited(walk: Walk) -> Call:
    return Call(token=walk.token("olga"), body=_invitation(walk))


@makes("invitation.look")
def looked(walk: Walk) -> Call:
    return Call(body=InvitationToken(token=_invited(walk).token))


@makes("invitation.passkey-options")
def options(walk: Walk) -> Call:
    return looked(walk)


@makes("identity.enrol")
def enrolled(walk: Walk) -> Call:
    link, ctx = _invited(walk), walk.world.ctx
    salt = b64decode(enrolment.look(ctx, InvitationToken(token=link.token)).salt)
    identity = Identity.generate()
    sent: Enrolment = acts.enrolment_of(link, identity, Phrase(salt=salt))
    if walk.pick(True, False):
        asked = enrolment.passkey_options(ctx, InvitationToken(token=link.token))
        made = signed(identity, link.person, Authenticator().make(asked))
        sent = sent.model_copy(update={"passkey": made})
    return Call(body=sent)


@makes("session.parameters")
def parameters(walk: Walk) -> Call:
    known = walk.pick(walk.prepared.nell.email, email("stranger"), email("Ann"))
    return Call(body=EmailOnly(email=known))


@makes("session.open")
def opened(walk: Walk) -> Call:
    cookie = walk.pick(True, False)
    return Call(body=acts.sign_in_body(walk.prepared.nell, cookie=cookie))


@makes("session.passkey-options")
def sign_in_options(_: Walk) -> Call:
    return Call(body=Nothing())


@makes("session.open-with-passkey")
def opened_with_passkey(walk: Walk) -> Call:
    answer = walk.prepared.device.use(assertions.sign_in_options(walk.world.ctx))
    return Call(body=PasskeySignIn(assertion=answer))


@makes("session.fresh-options")
def fresh_options(walk: Walk) -> Call:
    return Call(token=walk.nell(), body=Nothing())


@makes("session.freshen")
def freshened(walk: Walk) -> Call:
    token = walk.nell()
    if walk.pick(True, False):
        return Call(token=token, body=Freshen(sign_in_key=walk.prepared.nell.phrase.key))
    asked = assertions.fresh_options(walk.world.ctx, walk.caller_of(token))
    return Call(token=token, body=Freshen(assertion=walk.prepared.device.use(asked)))


@makes("note.show")
def note(_: Walk) -> Call:
    return Call()


@makes("session.list")
def sessions(walk: Walk) -> Call:
    return Call(token=walk.nell())


@makes("session.revoke")
def revoked(walk: Walk) -> Call:
    mine, other = walk.nell(), walk.nell()
    session = walk.caller_of(walk.pick(mine, other)).session
    return Call(token=mine, where={"session": session})


@makes("session.end-all")
def ended(walk: Walk) -> Call:
    name = walk.pick("gus", "aud", walk.custodian())
    walk.token(name)
    return Call(token=walk.token("olga"), where={"person": walk.world.id(name)}, body=Nothing())


@makes("slot.list")
def slots(walk: Walk) -> Call:
    return Call(token=walk.nell())


@makes("slot.passkey-options")
def slot_options(walk: Walk) -> Call:
    return Call(token=walk.nell(), body=Nothing())


@makes("slot.change")
def changed(walk: Walk) -> Call:
    nell, token = walk.prepared.nell, walk.nell()
    if walk.pick(True, False):
        asked = passkeys.options(walk.world.ctx, walk.caller_of(token))
        made = signed(nell.identity, nell.person, Authenticator().make(asked))
        return Call(token=token, body=as_change(made))
    phrase = Phrase(salt=nell.phrase.salt)
    sent = acts.slot_change(nell.identity, nell.person, phrase)

    def kept(_: object) -> None:
        walk.prepared = replace(walk.prepared, nell=replace(nell, phrase=phrase))

    return Call(token=token, body=sent, kept=kept)


@makes("role.withdraw")
def withdrawn(walk: Walk) -> Call:
    new = acts.enrol(walk.world.ctx, f"Otto{walk.new()}", operator=True)
    where = {"person": new.person}
    return Call(token=walk.token("olga"), where=where, body=RoleWithdrawal(role="operator"))


@makes("person.me")
def me(walk: Walk) -> Call:
    return Call(token=walk.nell() if walk.pick(True, False) else walk.token("gus", "aud"))


@makes("person.list")
def people(walk: Walk) -> Call:
    return Call(token=walk.token("olga", "aud"))
