"""Every act by which people enrol, sign in, keep their slots, and lose a role."""

from crypto.encoding import b64decode, b64encode
from crypto.identity import Identity
from service.wire import base, home, passkeys, people
from service.wire.note import Note
from tests.api.acts import API, Nothing, Story
from tests.cast import email
from tests.fakes.authenticator import Authenticator
from tests.usecases.people import passkeys as slots_
from tests.usecases.people.acts import Phrase, Someone, enrolment_of, sign_in_body, slot_change


def enrol_and_sign_in(story: Story) -> None:
    invitation = people.NewInvitation(email=email("nell"), name="Nell")
    link = story("invitation.create", "/invitations", people.Invitation, by="olga", body=invitation)
    secret = people.InvitationToken(token=link.token)
    invitee = story("invitation.look", "/enrolments/look", people.Invitee, body=secret)
    assert invitee.name == "Nell"
    nell = Someone(
        person=link.person,
        email=email("nell"),
        identity=Identity.generate(),
        phrase=Phrase(salt=b64decode(invitee.salt)),
    )
    device = Authenticator()
    asked = story(
        "invitation.passkey-options",
        "/enrolments/passkey-options",
        passkeys.NewPasskeyOptions,
        body=secret,
    )
    passkey = slots_.signed(nell.identity, nell.person, device.make(asked))
    enrolment = enrolment_of(link, nell.identity, nell.phrase).model_copy(
        update={"passkey": passkey}
    )
    assert story("identity.enrol", "/identities", base.Done, body=enrolment).state == "enrolled"
    assert story("note.show", "/note", Note).paragraphs == []
    asked_for = people.EmailOnly(email=nell.email)
    found = story(
        "session.parameters", "/sessions/parameters", people.SignInParameters, body=asked_for
    )
    assert found.salt == b64encode(nell.phrase.salt)
    opened = story("session.open", "/sessions", people.SessionOpened, body=sign_in_body(nell))
    token = opened.token
    me = story("person.me", "/people/me", people.Person, token=token)
    assert me.fingerprint == nell.identity.public.keyid
    fresh = people.Freshen(sign_in_key=nell.phrase.key)
    story("session.freshen", "/sessions/fresh", Nothing, token=token, body=fresh)
    assert len(story("slot.list", "/slots", people.Slots, token=token).slots) == 2
    use_passkeys(story, nell, device, token)
    change = slot_change(nell.identity, nell.person, Phrase(salt=nell.phrase.salt))
    story("slot.change", "/slots", base.Done, token=token, body=change)
    mine = story("session.list", "/sessions", people.Sessions, token=token)
    assert [found.current for found in mine.sessions] == [True]  # a new phrase ended the other
    story("home.show", "/home", home.Home, token=token)
    take_back(story)
    story("session.revoke", f"/sessions/{opened.session}", Nothing, token=token)
    assert story.calls("GET", f"{API}/people/me", token=token).status_code == 401
    assert len(story("person.list", "/people", people.People, by="aud").people) > 10


def take_back(story: Story) -> None:
    invitation = people.NewInvitation(email=email("otto"), name="Otto", operator=True)
    link = story("invitation.create", "/invitations", people.Invitation, by="olga", body=invitation)
    path = f"/people/{link.person}/withdrawn-roles"
    body = people.RoleWithdrawal(role="operator")
    assert story("role.withdraw", path, base.Done, by="olga", body=body).state == "withdrawn"
    token = story.token("gus")
    path = f"/people/{story.world.id('gus')}/ended-sessions"
    nothing = passkeys.Nothing()
    assert story("session.end-all", path, base.Done, by="olga", body=nothing).state == "ended"
    assert story.calls("GET", f"{API}/people/me", token=token).status_code == 401
    del story.tokens["gus"]


def use_passkeys(story: Story, nell: Someone, device: Authenticator, token: str) -> None:
    nothing = passkeys.Nothing()
    path, asked = "/sessions/passkey", passkeys.PasskeyOptions
    options = story("session.passkey-options", f"{path}/options", asked, body=nothing)
    signed_in = people.PasskeySignIn(assertion=device.use(options))
    opened = story("session.open-with-passkey", path, people.SessionOpened, body=signed_in)
    assert (opened.person, opened.token) == (nell.person, "")
    path = "/sessions/fresh"
    options = story("session.fresh-options", f"{path}/options", asked, token=token, body=nothing)
    fresh = people.Freshen(assertion=device.use(options))
    story("session.freshen", path, Nothing, token=token, body=fresh)
    path, made = "/slots/passkey-options", passkeys.NewPasskeyOptions
    wanted = story("slot.passkey-options", path, made, token=token, body=nothing)
    another = slots_.signed(nell.identity, nell.person, Authenticator().make(wanted))
    change = slots_.as_change(another)
    assert story("slot.change", "/slots", base.Done, token=token, body=change).state == "added"
