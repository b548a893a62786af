"""Other lines of the same AWS account: said by every command of a line, and asked about in time.

An operator may register a line with people of their own. Nothing proves that it is needed, and a
service may keep silent about one; so a device that has verified a roster of another line says so by
itself, and anyone who is named in an older line types a yes before they ask, seal or sign a first
roster in this one.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from crypto.encoding import b64decode
from crypto.errors import CryptoError
from crypto.statement import unsigned
from service.client.cli.invocation import Invocation
from service.client.device import memory
from service.client.trust.lines import is_hidden
from service.domain.beside import Beside, Named, sentence
from service.domain.lines import number, same_account
from service.wire.accounts import Line

OPTION = "--in-this-line"
_WORD = "(The service says so; this device has verified nothing of it.)"
_VERIFIED = "(Its people are as this device verified them; the rest is the service's word.)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the service says of a line; ``verified``: its roster is the one this device accepted."""

    line: Beside
    verified: bool


def say_lines(run: Invocation, account: str, lines: list[Line]) -> None:
    """Say once in a call which other lines there are, and what of it this device knows."""
    if account in run.lines:
        return
    run.lines[account] = lines
    for seen in _seen(run, lines):
        run.terminal.note(f"{sentence(seen.line)} {_VERIFIED if seen.verified else _WORD}")
    for hidden in _hidden(run, account, lines):
        run.terminal.warn(
            f"this device has verified a roster of line {hidden} of this AWS account, and the "
            "service does not show it: ask its people before you go on"
        )


def check_lines(run: Invocation, account: str) -> None:
    """Warn where another line can act; anyone whom an older one names types a yes.

    The lines were said before. ``--yes`` does not answer this.

    Raises:
        ClientRefusal: ``not-confirmed``, or ``needs-answer`` without a terminal.
    """
    lines = run.lines.get(account, [])
    seen = _seen(run, lines)
    for one in seen:
        if one.line.able:
            run.terminal.warn(
                f"line {one.line.account} of this AWS account can act today: ask its people why "
                f"{account} is needed beside it"
            )
    mine = [
        one.line.account
        for one in seen
        if one.line.older(account) and one.line.named and run.config.person in one.line.named.people
    ]
    mine += [one for one in _hidden(run, account, lines) if number(one) < number(account)]
    if not mine or run.in_this_line:
        return
    run.terminal.type_yes(
        f"You are named in {mine[0]}, an older line of this AWS account. To go on in {account}",
        option=OPTION,
    )
    run.in_this_line = True


def known_beside(run: Invocation, account: str) -> list[dict[str, object]]:
    """Return the other lines of an account, as a consent takes them."""
    lines = run.lines.get(account, [])
    known: list[dict[str, object]] = [
        {"account": one.line.account, "verified": one.verified, "able": one.line.able}
        for one in _seen(run, lines)
    ]
    hidden = [
        one for one in _hidden(run, account, lines) if all(one != k["account"] for k in known)
    ]
    return [*known, *({"account": one, "verified": True, "able": False} for one in hidden)]


def _seen(run: Invocation, lines: list[Line]) -> list[Seen]:
    return [_read(run, line) for line in lines]


def _read(run: Invocation, line: Line) -> Seen:
    named, roster = _named(line)
    remembered = memory.seen_roster(run.home, line.account)
    beside = Beside(
        account=line.account,
        since=line.registered_at,
        by=line.registered_by,
        named=named,
        signed=line.signed,
        able=line.able,
    )
    return Seen(line=beside, verified=roster is not None and remembered == roster)


def _named(line: Line) -> tuple[Named | None, tuple[int, str] | None]:
    """Whom the payload names, its version and digest; None where it is no roster of that line."""
    try:
        statement = unsigned("roster", b64decode(line.payload)) if line.payload else None
    except CryptoError:
        return None, None
    if statement is None or statement.payload["account"] != line.account:
        return None, None
    roster = (int(statement.payload["version"]), statement.digest)
    return Named.from_payload(statement.payload), roster


def _hidden(run: Invocation, account: str, lines: list[Line]) -> Iterator[str]:
    """Lines of which this device has verified a roster that the service keeps back."""
    shown = {line.account: _named(line)[1] for line in lines}
    for known in memory.known_accounts(run.home):
        verified = memory.seen_roster(run.home, known)
        if known == account or verified is None or not same_account(known, account):
            continue
        if is_hidden(shown.get(known), verified):
            yield known
