"""Two people at the same door: exactly one gets in, on both databases."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest
from sqlalchemy import delete, select

from crypto.identity import Identity
from service.domain import errors
from service.storage import slots as stored
from service.storage.database import Database
from service.storage.people_tables import AttemptRow, IdentityRow, SaltKeyRow
from service.usecases import assertions, enrolment, invitations, sessions, slots
from service.usecases.context import Context
from service.wire.people import EmailOnly, NewInvitation, PasskeySignIn, SignIn
from tests.fakes.authenticator import Authenticator
from tests.salts import salt_of
from tests.usecases.people import acts, passkeys
from tests.usecases.people.acts import Phrase, Someone, slot_change

ROUNDS = 8
LOST = (
    errors.BadLinkError,
    errors.TakenError,
    errors.ConflictError,
    errors.WrongStateError,
    errors.ReplayedError,
    errors.SignInFailedError,
    errors.RateLimitedError,
    errors.NotSignedInError,
)


def at_once(*runs: Callable[[], object]) -> list[str]:
    """Start all at one moment; what each came to: ``done``, or the refusal's code."""
    barrier = Barrier(len(runs))

    def run(act: Callable[[], object]) -> str:
        barrier.wait()
        try:
            act()
        except LOST as refused:
            return refused.code
        return "done"

    with ThreadPoolExecutor(len(runs)) as pool:
        return [future.result() for future in [pool.submit(run, act) for act in runs]]


def test_two_enrolments_with_one_link(ctx: Context) -> None:
    for round_ in range(ROUNDS):
        link = acts.invite(ctx, f"Ann{round_}")
        phrases = [Phrase(salt=salt_of(f"Ann{round_}")) for _ in range(2)]
        bodies = [acts.enrolment_of(link, Identity.generate(), phrase) for phrase in phrases]
        came = at_once(*[partial(enrolment.enrol, ctx, body) for body in bodies])
        assert sorted(came) in (["bad-link", "done"], ["conflict", "done"])
        with ctx.read() as unit:
            mine = select(IdentityRow.digest).where(IdentityRow.person == link.person)
            assert len(unit.session.scalars(mine).all()) == 1


def test_two_people_who_bring_one_key(ctx: Context) -> None:
    for round_ in range(ROUNDS):
        identity = Identity.generate()
        names = [f"{name}{round_}" for name in ("Ann", "Bob")]
        bodies = [
            acts.enrolment_of(acts.invite(ctx, name), identity, Phrase(salt=salt_of(name)))
            for name in names
        ]
        came = at_once(*[partial(enrolment.enrol, ctx, body) for body in bodies])
        assert sorted(came) in (["done", "taken"], ["conflict", "done"])
        loser = bodies[came.index("done") - 1]
        with pytest.raises(errors.TakenError):
            enrolment.enrol(ctx, loser)


def test_two_replacements_of_one_phrase(ctx: Context) -> None:
    ann = acts.enrol(ctx, "Ann")
    me = acts.caller(ctx, ann)
    for _ in range(ROUNDS):
        bodies = [slot_change(ann.identity, ann.person, Phrase()) for _ in range(2)]
        came = at_once(*[partial(slots.change, ctx, me, body) for body in bodies])
        assert "done" in came
        with ctx.read() as unit:
            assert len(stored.live(unit.session, ann.person)) == 1


def test_two_operators_invite_one_address(ctx: Context) -> None:
    for round_ in range(ROUNDS):
        body = NewInvitation(email=f"a{round_}@corp.example", name="Ann")
        came = at_once(*[partial(invitations.invite, ctx, acts.OPERATOR, body)] * 2)
        assert sorted(came) in (["done", "done"], ["conflict", "done"])


def test_two_who_are_the_first_to_ask_for_a_salt(ctx: Context, database: Database) -> None:
    for _ in range(ROUNDS):
        with database.write() as session:
            session.execute(delete(SaltKeyRow))
        told: list[str] = []
        ask = partial(_ask_for_a_salt, ctx, told)
        assert at_once(*[ask] * 4) == ["done"] * 4
        assert len(set(told)) == 1


def _ask_for_a_salt(ctx: Context, told: list[str]) -> None:
    told.append(sessions.parameters(ctx, EmailOnly(email="ann@corp.example")).salt)


def _sign_in(ctx: Context, who: Someone, tokens: list[str]) -> None:
    tokens.append(sessions.sign_in(ctx, acts.sign_in_body(who)).token)


def test_no_session_outlives_the_identity_under_which_it_was_opened(ctx: Context) -> None:
    for round_ in range(ROUNDS):
        ann = acts.enrol(ctx, f"Ann{round_}")
        link = acts.invite(ctx, f"Ann{round_}")
        phrase = Phrase(salt=salt_of(f"Ann{round_}"))
        body = acts.enrolment_of(link, Identity.generate(), phrase)
        opened: list[str] = []
        came = at_once(
            partial(enrolment.enrol, ctx, body),
            partial(_sign_in, ctx, ann, opened),
        )
        if came[0] == "conflict":
            continue
        for token in opened:
            with pytest.raises(errors.NotSignedInError):
                sessions.authenticate(ctx, token)


def test_one_answer_of_a_passkey_given_twice(ctx: Context) -> None:
    ann = acts.enrol(ctx, "Ann")
    device = passkeys.add(ctx, ann, Authenticator(counts=False))
    for _ in range(ROUNDS):
        answer = device.use(assertions.sign_in_options(ctx))
        body = PasskeySignIn(assertion=answer)
        came = at_once(*[partial(assertions.sign_in, ctx, body)] * 2)
        assert sorted(came) in (["conflict", "done"], ["done", "sign-in-failed"])


def test_the_first_failures_ever_do_not_trip_over_each_other(ctx: Context) -> None:
    bodies = [
        SignIn(email=f"a{number}@corp.example", sign_in_key="A" * 43 + "=") for number in range(4)
    ]
    came = at_once(*[partial(sessions.sign_in, ctx, body) for body in bodies])
    assert came == ["sign-in-failed"] * 4
    with ctx.read() as unit:
        counts = unit.session.scalars(select(AttemptRow.failures)).all()
    assert sorted(counts) == [1, 1, 1, 1, 4]


def test_failures_at_the_same_moment_do_not_slip_past_the_limit(ctx: Context) -> None:
    for round_ in range(ROUNDS):
        wrong = SignIn(email=f"a{round_}@corp.example", sign_in_key="A" * 43 + "=")
        assert at_once(*[partial(sessions.sign_in, ctx, wrong)] * 6).count("rate-limited") == 0
        came = at_once(*[partial(sessions.sign_in, ctx, wrong)] * 6)
        assert sorted(came) == ["rate-limited"] * 2 + ["sign-in-failed"] * 4
