"""Every act of the API once, over HTTP, by the people whose act it is; the calls are kept."""

from crypto.encoding import b64encode
from crypto.statement import payload_body, sign_body, unsigned
from service.config import Settings
from service.web.app import create_app
from service.wire import accounts, base, channels, log, requests, whole, year
from tests.api.acts import API, Story
from tests.api.enrolling import enrol_and_sign_in
from tests.cast import CUSTODIANS, OTHER_ACCOUNT
from tests.usecases.bodies import body, wire
from tests.usecases.world import World
from tests.web.calling import URL, Calls


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
    for name in (*CUSTODIANS, "gus"):
        signed = body(sign_body("roster", drafted.body, world.who(name).identity))
        sign = f"{path}/{drafted.digest}/signatures"
        states.append(story("roster.sign", sign, base.Done, by=name, body=signed).state)
    assert states[-1] == "accepted"
    world.roster = drafted
    assert len(story("roster.show", path, accounts.Rosters, by="ann").chain) == 1
    assert story("account.list", "/accounts", accounts.AccountList, by="gus").accounts
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
    done = story("envelope.seal", "/envelopes", base.Done, by="gus", body=new)
    world.manifests["newest"] = world.manifests[done.id] = manifest
    world.sealed[manifest.digest] = parts
    for name in CUSTODIANS:
        receipt = body(world.receipt(name))
        story("envelope.confirm", "/custody-receipts", base.Done, by=name, body=receipt)
    mine = story("envelope.share", f"/envelopes/{done.id}/share", accounts.MyShare, by="dea")
    assert mine.group == "mfa"
    fields = {"manifest": manifest.digest, "group": "mfa", "custodian": world.id("dea")}
    paper = body(world.sign("dea", "paper", place="", **fields))
    story("envelope.paper", "/papers", base.Done, by="dea", body=paper)
    report = body(world.papers())
    reported = story("envelope.report-papers", "/papers/reports", base.Done, body=report)
    assert reported.state == "exposed"
    listed = f"/accounts/{world.account}/envelopes"
    found = story("envelope.list", listed, accounts.Envelopes, by="cem").envelopes
    assert [envelope.state for envelope in found] == ["exposed"]
    bundle = f"/accounts/{world.account}/bundle"
    assert story("bundle.fetch", bundle, accounts.Bundle, by="cem").chain


def ask_and_release(story: Story) -> None:
    world = story.world
    for _ in range(2):
        statement = world.request_statement()
        done = story("request.open", "/requests", base.Done, by="gus", body=body(statement))
        world.asked[done.id] = statement
    first, second = world.asked
    cancel = body(world.word("cancellation", second, reason="a mistake"))
    path = f"/requests/{second}/cancellation"
    assert story("request.cancel", path, base.Done, by="gus", body=cancel).state == "cancelled"
    states = []
    for name in ("ann", "bob", "dea", "eli"):
        share = world.reseal(name, first)
        decide = requests.Decide(
            statement=wire(world.decision(name, first, share=share)),
            resealed_share=b64encode(share),
        )
        path = f"/requests/{first}/decisions"
        states.append(story("request.decide", path, base.Done, by=name, body=decide).state)
    assert states[-1] == "approved"
    listed = story("request.list", "/requests?limit=1", requests.RequestList, by="fay")
    assert listed.next
    path = f"/requests/{first}"
    assert story("request.show", path, requests.RequestDetail, by="fay").state == "approved"
    assert story("request.case", f"{path}/case", whole.Case, by="fay").me.name == "fay"
    release = body(world.word("release", first))
    path = f"/requests/{first}/release"
    released = story("request.release", path, requests.Released, by="gus", body=release)
    assert len(released.resealed_shares) == 4
    assert story("request.fetch", path, requests.Released, by="gus").id == first


def end_and_review(story: Story) -> None:
    world = story.world
    first = next(iter(world.asked))
    closure = body(world.word("closure", first, summary="done"))
    story("request.close", f"/requests/{first}/closure", base.Done, by="gus", body=closure)
    world.rotate(first)
    states = []
    for name in ("ann", "dea"):
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
    for name in ("ann", "bob", "dea", "eli"):
        share = world.reseal(name, digest)
        decisions.append(wire(world.decision(name, digest, share=share)))
    brought = requests.OfflineImport(request=wire(offline), decisions=decisions)
    story("request.import", "/requests/offline", base.Done, by="gus", body=brought)


def download(story: Story) -> None:
    """A file is no shape: its lines are."""
    path = f"{API}/events/file?form=jsonl&account={story.world.account}"
    answer = story.calls("GET", path, token=story.token("gus"))
    assert answer.headers["Cache-Control"] == "no-store"
    found = [log.Leaf.model_validate_json(line) for line in answer.data.splitlines()]
    assert found[-1].action == "account:registered"
    story.done.add("event.download")


def look_back(story: Story) -> None:
    download(story)
    events = story("event.list", "/events?limit=5", log.Leaves, by="gus")
    assert len(events.events) == 5
    newest = events.events[0].seq
    assert story("event.proof", f"/events/{newest}/proof", log.Proof, by="gus").proof
    assert story("event.show", f"/events/{newest}", log.Entry, by="gus").after == -1
    assert len(story("event.people", "/events/people", year.Choices, by="gus").people) > 5
    counted = story("event.year", "/events/year", year.Year, by="gus").weeks
    assert sum(week.asked for week in counted) == len(story.world.asked)
    kept = story("checkpoint.kept", "/checkpoint/kept", log.KeptCheckpoint, by="gus")
    assert kept.verifier_key == story.world.ctx.signer.verifier_key
    path = f"/accounts/{story.world.account}/whole"
    assert len(story("account.whole", path, whole.Whole, by="gus").events) == 10
    told = story("channel.list", "/channels", channels.Channels, by="aud")
    assert (told.outside, len(told.channels)) == (True, 2)
    exported = story("event.export", "/exports", log.Export, by="aud")
    leaves = story("leaf.list", "/leaves?start=0&count=1000", log.RawLeaves, by="aud")
    assert len(leaves.leaves) >= exported.size
    checkpoint = story("checkpoint.show", "/checkpoint?seen=3", log.CheckpointAnswer, by="ann")
    assert checkpoint.consistency
    assert story("witness.list", "/witnesses", log.Witnesses, by="ann").witnesses == []
