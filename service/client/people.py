"""Who I am, what waits for me, and inviting people."""

import click

from service.client import render
from service.client.invocation import Invocation
from service.client.options import command
from service.client.session import public_keys
from service.wire.people import Home, Invitation, NewInvitation, Person


def waiting(run: Invocation) -> None:
    """Say what waits for me, each with the command that does it."""
    with run.api() as api:
        home = api.get("/home", Home)
    run.terminal.answer(home, lambda: _say_home(run, home))


def _say_home(run: Invocation, home: Home) -> None:
    say = run.terminal.say
    for warning in home.warnings:
        run.terminal.warn(warning)
    if not home.waiting:
        say(f"Nothing waits for you, {home.person.name}.")
    for item in home.waiting:
        due = f" (due {render.moment(item.due_at, run.now())})" if item.due_at else ""
        say(f"{item.what}{due}")
        say(f"    {item.command}")


@command("whoami")
def whoami(run: Invocation) -> None:
    """Say who I am, and the eight words by which others know my keys."""
    with run.api() as api:
        me = api.get("/people/me", Person)
        keys = public_keys(run, api)
    role = "operator" if me.operator else "auditor" if me.auditor else ""

    def human() -> None:
        say = run.terminal.say
        say(f"{me.name} <{me.email}>{f', {role}' if role else ''}, at {run.config.server}")
        say(f"    {render.spoken(keys.words)}")
        say("Read these words out when a roster that names you is signed.")

    run.terminal.answer({**me.model_dump(), "words": list(keys.words)}, human)


@command("invite")
@click.argument("email")
@click.argument("name")
@click.option("--operator", is_flag=True, help="May run the service; never counts in a quorum.")
@click.option("--auditor", is_flag=True, help="May read and verify everything that is no secret.")
def invite(run: Invocation, email: str, name: str, *, operator: bool, auditor: bool) -> None:
    """Make an enrolment link for a person (operators). It is shown once."""
    with run.api() as api:
        body = NewInvitation(email=email, name=name, operator=operator, auditor=auditor)
        made = api.post("/invitations", body, Invitation)

    def human() -> None:
        run.terminal.say(made.url)
        ends = render.moment(made.expires_at, run.now())
        run.terminal.note(f"For {name} alone, once; it ends {ends}.")

    run.terminal.answer(made, human)
