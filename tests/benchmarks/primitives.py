"""What sealing, approving and revealing cost beside the primitives that they cannot do without.

Ours is what a command of the client does on a person's device, whole: see ``desk``. The bare side
is as many signature checks as there are signatures to believe, and the cryptography itself: see
``bare.primitives``. Both work on the same envelope, request and release of a real service.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from crypto import envelope as formats
from crypto.encoding import b64decode
from crypto.note import NoteVerifier, parse_note
from crypto.opening import check_every_share
from crypto.recipient import RecipientKey
from crypto.statement import Statement, parse
from crypto.unseal import unseal
from service import clock
from service.usecases import envelopes, requests, rosters, whole
from service.usecases.checkpoints import log_view
from service.wire.base import Done, Dsse
from service.wire.log import LogView
from service.wire.requests import Released
from tests.benchmarks.bare import primitives as bare
from tests.benchmarks.desk import Answers, Desk
from tests.benchmarks.figures import Row, again, in_turn
from tests.benchmarks.organisation import environment, found, sealed
from tests.cast import CUSTODIANS, EVERYBODY, MFA, PASSWORD
from tests.usecases.custody import SECRET
from tests.usecases.world import World

ROUNDS = 60
GROUPS = [(2, len(PASSWORD)), (2, len(MFA))]
CONTENT_BLOCK = 512
SEED = bytes(range(32))  # of a key that signs on the bare side
_PORT = 8420  # named by the settings, and not served at


@dataclass(frozen=True, kw_only=True)
class Scene:
    """One account with an envelope, a request on it, and what was released for that."""

    world: World
    folder: Path
    request: str
    answers: Answers
    log: LogView
    released: Released

    @property
    def manifest(self) -> Statement:
        """The envelope's."""
        return self.world.manifests["newest"]

    @property
    def context(self) -> bytes:
        """What binds everything to it."""
        return formats.context(self.manifest.payload)

    def desk(self, name: str) -> Desk:
        """The device of one person."""
        home = self.folder / name
        desk = Desk(home, self.world.who(name), self.answers, self.world.clock())
        desk.watches(self.log)
        return desk

    def checks(self, *statements: Dsse) -> list[bare.Check]:
        """Key, signature and message of each signature on these."""
        keys = {
            public.keyid: public.signing_key
            for public in (self.world.who(name).identity.public for name in EVERYBODY)
        }
        parsed = [parse(one.model_dump_json().encode()) for one in statements]
        return [(keys[s.keyid], s.sig, one.pae) for one in parsed for s in one.signatures]

    @property
    def head(self) -> bare.Check:
        """The same of the log's checkpoint."""
        text, (signature, *_) = parse_note(self.log.checkpoint)
        key = NoteVerifier.from_vkey(self.log.verifier_key)
        return key.public_key, signature.data, text.encode()

    def share_of(self, name: str) -> bare.Sealed:
        """A custodian's share as it was sealed, and under what."""
        place = (self.context, self.world.group(name), self.world.id(name))
        parts = self.world.sealed[self.manifest.digest]
        blob = next(s.sealed for s in parts.shares if s.custodian == self.world.id(name))
        return formats.custody_info(*place), blob


def _scene(folder: Path, world: World) -> Scene:
    """What the devices are told, then the release."""
    account, request = world.account, world.ask()
    gus, ann = world.caller("gus"), world.caller("ann")
    envelope = world.manifests["newest"].payload["envelope"]
    log = log_view(world.ctx, seen=0, leaves=())
    assert log is not None
    seen = log.size
    answers = {
        f"/accounts/{account}/rosters": rosters.show(world.ctx, gus, account, seen=seen),
        f"/accounts/{account}/envelopes": envelopes.listing(world.ctx, gus, account, seen=seen),
        f"/requests/{request}/case": whole.case(world.ctx, ann, request, seen=seen),
        "/requests": requests.listing(world.ctx, ann, account=account),
        f"/envelopes/{envelope}/share": envelopes.my_share(world.ctx, ann, envelope),
    }
    done = Done(id=request, state="pending", leaf=1)
    world.approve_all(request)
    return Scene(
        world=world,
        folder=folder,
        request=request,
        answers=Answers(answers, done),
        log=log,
        released=world.release(request),
    )


def _sealing(scene: Scene) -> Row:
    world, account = scene.world, scene.world.account
    desk, public = scene.desk("gus"), [world.who(n).identity.public for n in CUSTODIANS]
    desk.compares(account)
    given = rosters.show(world.ctx, world.caller("gus"), account)
    shown = envelopes.listing(world.ctx, world.caller("gus"), account).envelopes
    checks = scene.checks(*given.chain, *given.identities, *(one.manifest for one in shown))

    def primitives() -> None:
        bare.verify([*checks, scene.head])
        bare.seal(
            bytes(CONTENT_BLOCK),
            [keys.encryption_key for keys in public],
            GROUPS,
            aad=scene.context,
            seed=SEED,
            message=scene.manifest.pae,
        )

    pairs = again(lambda: desk.seals(account), primitives, ROUNDS)
    return in_turn("seal to 3 + 3", "seal", pairs)


def _mnemonics(scene: Scene, names: Sequence[str]) -> list[str]:
    shares = [(scene.world.who(name).identity, *scene.share_of(name)) for name in names]
    return [unseal(me.encryption_private, i, blob).reveal().decode() for me, i, blob in shares]


def _self_check(scene: Scene) -> Row:
    """The part of sealing that opens again what was sealed, by every share."""
    manifest = scene.manifest.payload
    blob, aad = (
        scene.world.sealed[scene.manifest.digest].content,
        formats.content_aad(scene.context),
    )
    groups = [_mnemonics(scene, PASSWORD), _mnemonics(scene, MFA)]
    thresholds = [threshold for threshold, _ in GROUPS]
    # Two sets use each of three shares, since the second takes one of the first again.
    sets = [[m for group in groups for m in group[start : start + 2]] for start in (0, 1)]

    def ours() -> None:
        check_every_share(groups, thresholds, blob=blob, manifest=manifest, content=SECRET)

    def primitives() -> None:
        for chosen in sets:
            bare.open_content(chosen, blob, aad)

    pairs = again(ours, primitives, ROUNDS)
    return in_turn("of sealing: the self-check", "self-check", pairs)


def _resealing(scene: Scene) -> Row:
    world, desk = scene.world, scene.desk("ann")
    shown = requests.show(world.ctx, world.caller("ann"), scene.request)
    given = rosters.show(world.ctx, world.caller("ann"), world.account)
    named = (*given.chain, *given.identities)
    checks = scene.checks(*named, shown.request.statement, shown.manifest, *shown.receipts)
    me, share = world.who("ann").identity, scene.share_of("ann")
    recipient = b64decode(world.asked[scene.request].payload["recipient_key"])
    decision = world.decision("ann", scene.request, share=share[1])

    def primitives() -> None:
        bare.verify([*checks, scene.head])
        bare.reseal(me.encryption_private.reveal(), share, recipient, SEED, decision.pae)

    pairs = again(lambda: desk.approves(scene.request), primitives, ROUNDS * 5)
    return in_turn("reseal one share", "reseal", pairs)


def _delivered(scene: Scene) -> list[bare.Sealed]:
    digest = scene.world.asked[scene.request].digest
    return [
        (
            formats.release_info(digest, scene.context, one.group, one.custodian),
            b64decode(one.resealed_share),
        )
        for one in scene.released.resealed_shares
    ]


def _combining(scene: Scene) -> Row:
    desk, given = scene.desk("gus"), scene.released
    key: RecipientKey = scene.world.recipients[scene.request]
    desk.keeps(scene.world.asked[scene.request], key, given)
    words = [one.statement for one in (given.request, *given.decisions, given.release)]
    checks = scene.checks(*given.chain, *given.identities, given.manifest, *words)
    shares, blob = _delivered(scene), b64decode(given.content)
    aad = formats.content_aad(scene.context)

    def ours() -> None:
        if desk.reveals(scene.request).content != SECRET:
            raise RuntimeError("another password than was sealed")

    def primitives() -> None:
        bare.verify(checks)
        bare.combine(key.private.reveal(), shares, blob, aad)

    return in_turn("combine 2 + 2 and open", "combine", again(ours, primitives, ROUNDS))


def rows(folder: Path) -> Iterator[Row]:
    """Each as it is measured."""
    with environment(folder / "service", _PORT, "") as read:
        first = found(read, clock.now)
        world = sealed(first.ctx, clock.now, "111122223333")
        scene = _scene(folder, world)
        yield _sealing(scene)
        yield _self_check(scene)
        yield _resealing(scene)
        yield _combining(scene)
        world.ctx.database.dispose()
