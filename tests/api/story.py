"""Every act of the API once, over HTTP, by the people whose act it is; the calls are kept."""

import json
from dataclasses import dataclass, field
from typing import Any, TypeVar

from flask import Flask
from pydantic import BaseModel

from crypto.encoding import b64encode
from crypto.identity import Identity
from crypto.proof import parse_receipt
from crypto.statement import payload_body, sign_body, unsigned
from service.config import Settings
from service.web.act import act_of, acts
from service.web.app import create_app
from service.wire import accounts, base, channels, log, passkeys, people, requests
from tests.api.conftest import token_of
from tests.fakes.authenticator import Authenticator
from tests.usecases.people import passkeys as slots_
from tests.usecases.people.acts import (
    Phrase,
    Someone,
    enrolment_of,
    sign_in_body,
    slot_change,
)
from tests.usecases.world import CUSTODIANS, OTHER_ACCOUNT, World, body, wire
from tests.web.calling import URL, Calls

_S = TypeVar("_S", bound=base.Shape)
API = "/api/v1"


@dataclass
class Story:
    """Whoever calls, what they sent, and which acts were done."""

    world: World
    app: Flask
    calls: Calls
    done: set[str] = field(default_factory=set)
    sent: list[tuple[str, str, str, dict[str, Any]]] = field(default_factory=list)
    tokens: dict[str, str] = field(default_factory=dict)

    def token(self, name: str) -> str:
        if name not in self.tokens:
            self.tokens[name] = token_of(self.world, name)
        return self.tokens[name]

    def __call__(
        self,
        act: str,
        path: str,
        shape: type[_S],
        *,
        by: str = "",
        body: BaseModel | None = None,
        token: str = "",
    ) -> _S:
        """Do an act; the answer must be exactly the shape."""
        route = acts(self.app)[act]
        views = self.app.url_map.bind("localhost")
        endpoint, _ = views.match(API + path.partition("?")[0], method=route.method)
        assert act_of(self.app.view_functions[endpoint]) == route.act
        token = token or (self.token(by) if by else "")
        content = json.loads(body.model_dump_json()) if body else None
        headers = {} if token else {"Origin": URL}  # whoever signs in may do so from a page
        answer = self.calls(route.method, API + path, token=token, body=content, headers=headers)
        assert answer.status_code in {200, 201, 204}, (act, answer.text)
        assert answer.headers["Cache-Control"] == "no-store"
        self.done.add(act)
        if content:
            self.sent.append((route.method, API + path, token, content))
        shown = shape.model_validate_json(answer.data or b"{}")
        if isinstance(shown, base.Done):
            assert parse_receipt(shown.receipt).index == shown.leaf
        return shown


class Nothing(base.Shape):
    """204."""


def tell(world: World) -> Story:
    """The whole story, told once."""
    app = create_app(world.ctx, Settings(url=URL))
    story = Story(world, app, Calls(app, world.ctx))
    world.enrol_everybody()
    enrol_and_sign_in(story)
    accounts_and_rosters(story)
    seal_and_confirm(story)
    ask_and_release(story)
    end_and_review(story)
    look_back(story)
    return story


def enrol_and_sign_in(story: Story) -> None:
    invitation = people.NewInvitation(email="nina@corp.example", name="Nina")
    link = story("invitation.create", "/invitations", people.Invitation, by="olga", body=invitation)
    secret = people.InvitationToken(token=link.token)
    assert story("invitation.look", "/enrolments/look", people.Invitee, body=secret).name == "Nina"
    nina = Someone(
        person=link.person,
        email="nina@corp.example",
        identity=Identity.generate(),
        phrase=Phrase(),
    )
    device = Authenticator()
    asked = story(
        "invitation.passkey-options",
        "/enrolments/passkey-options",
        passkeys.NewPasskeyOptions,
        body=secret,
    )
    passkey = slots_.signed(nina.identity, nina.person, device.make(asked))
    enrolment = enrolment_of(link, nina.identity, nina.phrase).model_copy(
        update={"passkey": passkey}
    )
    assert story("identity.enrol", "/identities", base.Done, body=enrolment).state == "enrolled"
    email = people.EmailOnly(email=nina.email)
    found = story("session.parameters", "/sessions/parameters", people.SignInParameters, body=email)
    assert found.salt == b64encode(nina.phrase.salt)
    opened = story("session.open", "/sessions", people.SessionOpened, body=sign_in_body(nina))
    token = opened.token
    me = story("person.me", "/people/me", people.Person, token=token)
    assert me.fingerprint == nina.identity.public.keyid
    fresh = people.Freshen(sign_in_key=nina.phrase.key)
    story("session.freshen", "/sessions/fresh", Nothing, token=token, body=fresh)
    assert len(story("slot.list", "/slots", people.Slots, token=token).slots) == 2
    use_passkeys(story, nina, device, token)
    change = slot_change(nina.identity, nina.person, Phrase())
    story("slot.change", "/slots", base.Done, token=token, body=change)
    mine = story("session.list", "/sessions", people.Sessions, token=token)
    assert [found.current for found in mine.sessions] == [True]  # a new phrase ended the other
    story("home.show", "/home", people.Home, token=token)
    take_back(story)
    story("session.revoke", f"/sessions/{opened.session}", Nothing, token=token)
    assert story.calls("GET", f"{API}/people/me", token=token).status_code == 401
    assert len(story("person.list", "/people", people.People, by="aud").people) > 10


def take_back(story: Story) -> None:
    invitation = people.NewInvitation(email="otto@corp.example", name="Otto", operator=True)
    link = story("invitation.create", "/invitations", people.Invitation, by="olga", body=invitation)
    path = f"/people/{link.person}/withdrawn-roles"
    body = people.RoleWithdrawal(role="operator")
    assert story("role.withdraw", path, base.Done, by="olga", body=body).state == "withdrawn"
    token = story.token("ria")
    path = f"/people/{story.world.id('ria')}/ended-sessions"
    nothing = passkeys.Nothing()
    assert story("session.end-all", path, base.Done, by="olga", body=nothing).state == "ended"
    assert story.calls("GET", f"{API}/people/me", token=token).status_code == 401
    del story.tokens["ria"]


def use_passkeys(story: Story, nina: Someone, device: Authenticator, token: str) -> None:
    nothing = passkeys.Nothing()
    path, asked = "/sessions/passkey", passkeys.PasskeyOptions
    options = story("session.passkey-options", f"{path}/options", asked, body=nothing)
    signed_in = people.PasskeySignIn(assertion=device.use(options))
    opened = story("session.open-with-passkey", path, people.SessionOpened, body=signed_in)
    assert (opened.person, opened.token) == (nina.person, "")
    path = "/sessions/fresh"
    options = story("session.fresh-options", f"{path}/options", asked, token=token, body=nothing)
    fresh = people.Freshen(assertion=device.use(options))
    story("session.freshen", path, Nothing, token=token, body=fresh)
    path, made = "/slots/passkey-options", passkeys.NewPasskeyOptions
    wanted = story("slot.passkey-options", path, made, token=token, body=nothing)
    another = slots_.signed(nina.identity, nina.person, Authenticator().make(wanted))
    change = slots_.as_change(another)
    assert story("slot.change", "/slots", base.Done, token=token, body=change).state == "added"


def accounts_and_rosters(story: Story) -> None:
    world = story.world
    new = accounts.NewAccount(account=world.account)
    story("account.register", "/accounts", base.Done, by="olga", body=new)
    channel = accounts.Channel(sns_topic_arn=f"arn:aws:sns:eu-central-1:{OTHER_ACCOUNT}:told")
    story(
        "account.channel", f"/accounts/{world.account}/channel", base.Done, by="olga", body=channel
    )
    composed = payload_body("roster", world.roster_fields(), world.clock())
    drafted = unsigned("roster", composed)
    path = f"/accounts/{world.account}/rosters"
    draft = accounts.RosterDraft(payload=b64encode(drafted.body))
    assert story("roster.draft", path, base.Done, by="olga", body=draft).id == drafted.digest
    states = []
    for name in (*CUSTODIANS, "ria"):
        signed = body(sign_body("roster", drafted.body, world.who(name).identity))
        sign = f"{path}/{drafted.digest}/signatures"
        states.append(story("roster.sign", sign, base.Done, by=name, body=signed).state)
    assert states[-1] == "accepted"
    world.roster = drafted
    assert len(story("roster.show", path, accounts.Rosters, by="pia").chain) == 1
    assert story("account.list", "/accounts", accounts.AccountList, by="ria").accounts
    shown = story("account.show", f"/accounts/{world.account}", accounts.AccountDetail, by="aud")
    assert shown.state == "no-envelope"


def seal_and_confirm(story: Story) -> None:
    world = story.world
    parts = world.seal_parts()
    manifest = world.signed_manifest(parts)
    shares = [
        accounts.SealedShare.model_validate(
            {"group": s.group, "custodian": s.custodian, "sealed_share": b64encode(s.sealed)}
        )
        for s in parts.shares
    ]
    new = accounts.NewEnvelope(
        statement=wire(manifest), content=b64encode(parts.content), sealed_shares=shares
    )
    done = story("envelope.seal", "/envelopes", base.Done, by="ria", body=new)
    world.manifests["newest"] = world.manifests[done.id] = manifest
    world.sealed[manifest.digest] = parts
    for name in CUSTODIANS:
        receipt = body(world.receipt(name))
        story("envelope.confirm", "/custody-receipts", base.Done, by=name, body=receipt)
    mine = story("envelope.share", f"/envelopes/{done.id}/share", accounts.MyShare, by="mia")
    assert mine.group == "mfa"
    fields = {"manifest": manifest.digest, "group": "mfa", "custodian": world.id("mia")}
    paper = body(world.sign("mia", "paper", **fields))
    story("envelope.paper", "/papers", base.Done, by="mia", body=paper)
    listed = f"/accounts/{world.account}/envelopes"
    found = story("envelope.list", listed, accounts.Envelopes, by="pat").envelopes
    assert [envelope.state for envelope in found] == ["ready"]
    bundle = f"/accounts/{world.account}/bundle"
    assert story("bundle.fetch", bundle, accounts.Bundle, by="pat").chain


def ask_and_release(story: Story) -> None:
    world = story.world
    for _ in range(2):
        statement = world.request_statement()
        done = story("request.open", "/requests", base.Done, by="ria", body=body(statement))
        world.asked[done.id] = statement
    first, second = world.asked
    cancel = body(world.word("cancellation", second, reason="a mistake"))
    path = f"/requests/{second}/cancellation"
    assert story("request.cancel", path, base.Done, by="ria", body=cancel).state == "cancelled"
    states = []
    for name in ("pia", "per", "mia", "max"):
        share = world.reseal(name, first)
        decide = requests.Decide(
            statement=wire(world.decision(name, first, share=share)),
            resealed_share=b64encode(share),
        )
        path = f"/requests/{first}/decisions"
        states.append(story("request.decide", path, base.Done, by=name, body=decide).state)
    assert states[-1] == "approved"
    listed = story("request.list", "/requests?limit=1", requests.RequestList, by="moa")
    assert listed.next
    path = f"/requests/{first}"
    assert story("request.show", path, requests.RequestDetail, by="moa").state == "approved"
    release = body(world.word("release", first))
    path = f"/requests/{first}/release"
    released = story("request.release", path, requests.Released, by="ria", body=release)
    assert len(released.resealed_shares) == 4
    assert story("request.fetch", path, requests.Released, by="ria").id == first


def end_and_review(story: Story) -> None:
    world = story.world
    first = next(iter(world.asked))
    closure = body(world.word("closure", first, summary="done"))
    story("request.close", f"/requests/{first}/closure", base.Done, by="ria", body=closure)
    world.rotate(first)
    states = []
    for name in ("pia", "mia"):
        fields = {
            "request": world.asked[first].digest,
            "group": world.group(name),
            "reviewer": world.id(name),
            "rotated": True,
            "note": "",
        }
        review = body(world.sign(name, "review", **fields))
        path = f"/requests/{first}/reviews"
        states.append(story("request.review", path, base.Done, by=name, body=review).state)
    assert states[-1] == "closed"
    offline = world.request_statement(offline=True)
    digest = offline.digest
    world.asked[digest] = offline
    decisions = []
    for name in ("pia", "per", "mia", "max"):
        share = world.reseal(name, digest)
        decisions.append(wire(world.decision(name, digest, share=share)))
    brought = requests.OfflineImport(request=wire(offline), decisions=decisions)
    story("request.import", "/requests/offline", base.Done, by="ria", body=brought)


def download(story: Story) -> None:
    """A file is no shape: its lines are."""
    path = f"{API}/events/file?form=jsonl&account={story.world.account}"
    answer = story.calls("GET", path, token=story.token("ria"))
    assert answer.headers["Cache-Control"] == "no-store"
    found = [log.Leaf.model_validate_json(line) for line in answer.data.splitlines()]
    assert found[-1].action == "account:registered"
    story.done.add("event.download")


def look_back(story: Story) -> None:
    download(story)
    events = story("event.list", "/events?limit=5", log.Leaves, by="ria")
    assert len(events.events) == 5
    assert story("event.proof", f"/events/{events.events[0].seq}/proof", log.Proof, by="ria").proof
    told = story("channel.list", "/channels", channels.Channels, by="aud")
    assert (told.outside, len(told.channels)) == (True, 2)
    exported = story("event.export", "/exports", log.Export, by="aud")
    leaves = story("leaf.list", "/leaves?start=0&count=1000", log.RawLeaves, by="aud")
    assert len(leaves.leaves) >= exported.size
    checkpoint = story("checkpoint.show", "/checkpoint?seen=3", log.CheckpointAnswer, by="pia")
    assert checkpoint.consistency
    assert story("witness.list", "/witnesses", log.Witnesses, by="pia").witnesses == []
