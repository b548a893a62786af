"""A release as its requester's device believes it, and one with something changed."""

from collections.abc import Callable

from service.client.trust.release import VerifiedRelease, verify_release
from service.wire.requests import Entered, Released
from tests.cast import somebody
from tests.client.released import World, world

Lie = Callable[[World], Released]


def believed(told: Released, about: World | None = None) -> VerifiedRelease:
    about = about or world()
    return verify_release(
        told,
        mine=about.request,
        recipient_key=about.recipient.public,
        me=somebody("gus").identity.public,
        remembered=None,
    )


def changed(told: Released, **changes: object) -> Released:
    return told.model_copy(update=changes)


def with_decision(place: int, entry: Entered) -> Lie:
    def lie(about: World) -> Released:
        decisions = list(about.released.decisions)
        decisions[place] = entry
        return changed(about.released, decisions=decisions)

    return lie


def with_share(place: int, **changes: object) -> Released:
    shares = list(world().released.resealed_shares)
    shares[place] = shares[place].model_copy(update=changes)
    return changed(world().released, resealed_shares=shares)
