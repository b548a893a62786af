"""Who I am, what needs my attention, inviting people, and withdrawing what they were given."""

from typing import Literal

import click

from crypto.spoken import log_key_words
from service.client.cli.acting import unlocked
from service.client.cli.checkpoints import warn_of_log
from service.client.cli.clock import say_clock
from service.client.cli.invocation import Invocation
from service.client.cli.options import command
from service.client.cli.session import public_keys
from service.client.device import memory
from service.client.foundation import render
from service.client.foundation.errors import ClientRefusal
from service.client.link.api import Api
from service.domain import names
from service.wire.base import Done
from service.wire.home import Home
from service.wire.passkeys import Nothing
from service.wire.people import Invitation, NewInvitation, People, Person, RoleWithdrawal


def waiting(run: Invocation) -> None:
    """Show what needs my attention, each with the command for it."""
    with run.api() as api:
        warn_of_log(run, api)
        home = api.get("/home", Home)
        say_clock(run, api)
    run.terminal.answer(home, lambda: _say_home(run, home))


def _say_home(run: Invocation, home: Home) -> None:
    say = run.terminal.say
    if home.findings:
        run.terminal.note("What is wrong, as the service says it:")
    for finding in home.findings:
        run.terminal.warn(f"{finding.account}: {finding.message}")
    if not home.waiting:
        say(f"Nothing needs your attention, {home.person.name}.")
    for item in home.waiting:
        due = f" (due {render.moment(item.due_at, run.now())})" if item.due_at else ""
        say(f"{item.what}{due}")
        say(f"    {item.command}")


@command("whoami")
def whoami(run: Invocation) -> None:
    """Show who you are, and the eight words by which others know your keys.

    And those of the log's key, for someone whose device has not seen this log before.
    """
    with run.api() as api:
        me = api.get("/people/me", Person)
        keys = public_keys(run, api)
        say_clock(run, api)
        log = memory.pinned_log(run.home, api.server)
    log_words = log_key_words(log.verifier_key) if log else ()
    role = "operator" if me.operator else "auditor" if me.auditor else ""

    def human() -> None:
        say = run.terminal.say
        say(f"{me.name} <{me.email}>{f', {role}' if role else ''}, at {run.config.server}")
        say(f"    {render.spoken(keys.words)}")
        say("Read these words out when a roster that names you is signed.")
        if log_words:
            say("The words of the log's key, as this device knows it:")
            say(f"    {render.spoken(log_words)}")

    answer = {**me.model_dump(), "words": list(keys.words), "log_words": list(log_words)}
    run.terminal.answer(answer, human)


@command("invite")
@click.argument("email")
@click.argument("name")
@click.option("--operator", is_flag=True, help="May run the service; never counts in a quorum.")
@click.option("--auditor", is_flag=True, help="May read and verify everything that is not secret.")
def invite(run: Invocation, email: str, name: str, *, operator: bool, auditor: bool) -> None:
    """Create an enrolment link for a person (operators). It is shown once."""
    with run.api() as api:
        body = NewInvitation(email=email, name=name, operator=operator, auditor=auditor)
        answer = api.post("/invitations", body, Invitation)
    # Where this device goes itself: an answer could send a newcomer elsewhere.
    made = answer.model_copy(update={"url": f"{api.server}/enroll#{answer.token}"})
    if made.url != answer.url:
        named = answer.url.partition("#")[0]
        run.terminal.warn(
            f"the service says that links begin with {named}; the link here leads to {api.server}, "
            "which you use yourself. If the other is right for people, ask who set it."
        )

    def human() -> None:
        run.terminal.say(made.url)
        ends = render.moment(made.expires_at, run.now())
        run.terminal.note(f"For {name} only. It works once and expires {ends}.")

    run.terminal.answer(made, human)


@command("withdraw", signs=True)
@click.argument("email")
@click.argument("role", type=click.Choice(["operator", "auditor"]))
def withdraw(run: Invocation, email: str, role: Literal["operator", "auditor"]) -> None:
    """Withdraw a person's role (operators). Their sessions end; rosters do not change."""
    with run.api() as api:
        person = _of_address(api, email)
        run.terminal.confirm(f"Withdraw {person.name}'s role of {role}?")
        unlocked(run, api)  # the phrase too: a found session must not be enough for this
        path = f"/people/{person.person}/withdrawn-roles"
        done = api.post(path, RoleWithdrawal(role=role), Done)
    run.terminal.answer(
        done, lambda: run.terminal.say(f"{person.name} is no longer {role}. This is announced.")
    )


@command("end-sessions", signs=True)
@click.argument("email")
def end_sessions(run: Invocation, email: str) -> None:
    """End all sessions of a person (operators)."""
    with run.api() as api:
        person = _of_address(api, email)
        run.terminal.confirm(f"End all sessions of {person.name}?")
        unlocked(run, api)  # the phrase too: a found session must not be enough for this
        # The log is not checked after these two: they may just have ended my own session.
        done = api.post(f"/people/{person.person}/ended-sessions", Nothing(), Done)
    run.terminal.answer(
        done,
        lambda: run.terminal.say(f"{person.name} is signed out everywhere. This is announced."),
    )


def _of_address(api: Api, email: str) -> Person:
    found, wanted = api.get("/people", People).people, names.address(email)
    for person in found:
        if person.email == wanted:
            return person
    raise ClientRefusal("not-found", f"no user has the address {email}", "check its spelling")
