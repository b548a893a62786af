"""Who I am, what waits for me, my key slots, and inviting people."""

from service.client import render
from service.client.invocation import Invocation
from service.wire.people import Home


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
        due = f", due {render.moment(item.due_at, run.now())}" if item.due_at else ""
        say(f"{item.what}{due}")
        say(f"    {item.command}")
