"""Saying what is known of this device's clock, and asking before an act that relies on it."""

from datetime import datetime

from service.client.cli.invocation import Invocation
from service.client.link.connection import Connection
from service.client.trust.clocks import Clocks

OPTION = "--despite-clock"


def say_clock(run: Invocation, api: Connection, *, leaf: datetime | None = None) -> Clocks:
    """Warn of a difference from two minutes on, naming both clocks.

    ``leaf`` is the time of the newest leaf that was proved, where one was.
    """
    clocks = Clocks(own=run.now(), service=api.date, leaf=leaf)
    if clocks.differ:
        run.terminal.warn(clocks.sentence)
    return clocks


def check_clock(run: Invocation, api: Connection) -> None:
    """Warn of a difference; from ten minutes on, ask before going on.

    Raises:
        ClientRefusal: ``not-confirmed``, or ``needs-answer`` without a terminal.
    """
    if run.despite_clock:
        say_clock(run, api)
        return
    clocks = say_clock(run, api)
    if clocks.differ_much:
        press(run, clocks.sentence)


def press(run: Invocation, sentence: str) -> None:
    """Ask once in a call whether to go on; ``sentence`` names both clocks.

    ``--yes`` does not answer this.

    Raises:
        ClientRefusal: ``not-confirmed``, or ``needs-answer`` without a terminal.
    """
    if run.clocks_read:
        return
    press_anew(run, sentence)
    run.clocks_read = True


def press_anew(run: Invocation, sentence: str) -> None:
    """Do the same for a question that no earlier answer settles; only the option does.

    Raises:
        ClientRefusal: as :func:`press`.
    """
    if run.despite_clock:
        return
    run.terminal.confirm(
        f"{sentence[:1].upper()}{sentence[1:]}. Set the clock, or go on as it is?", option=OPTION
    )
