"""Other lines of the same AWS account: said by every command of a line, and asked about in time.

An operator may register a line with people of their own. Nothing proves that it is needed, and a
service may keep silent about one, or show an old state of it; so a device that has verified a
roster of another line holds the answer against that, and anyone who is named in an older line types
a yes before they ask, seal or sign a first roster in this one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from crypto.encoding import b64decode
from crypto.errors import CryptoError
from crypto.statement import unsigned
from service.client.cli.invocation import Invocation
from service.client.device import memory
from service.client.foundation import render
from service.domain.beside import Beside, Named, sentence
from service.domain.lines import number, same_account
from service.wire.accounts import Line

OPTION = "--in-this-line"
_WORD = "(The service says so; this device has verified nothing of it.)"
_VERIFIED = "(Its people are as this device verified them; the rest is the service's word.)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the service says of a line, and the roster of it that this device has accepted, if any.

    ``verified``: it is the one that is shown. ``behind``: a newer one, or another of its version.
    """

    line: Beside
    verified: bool
    behind: bool
    known: bool


def say_lines(run: Invocation, account: str, lines: Sequence[Line]) -> None:
    """Say which other lines there are, each once in a call, and what of it this device knows."""
    first, said = account not in run.lines, run.lines.setdefault(account, [])
    for line in lines:
        if line in said:
            continue
        if line.account == account or not same_account(line.account, account):
            run.terminal.warn(
                f"the service lists {render.one_line(line.account)} beside {account}, which is no "
                "other line of that AWS account"
            )
            continue
        said.append(line)
        _say(run, _read(run, line))
    if first:
        for hidden in _hidden(run, account, said):
            run.terminal.warn(
                f"this device has verified a roster of line {hidden} of this AWS account, and the "
                "service does not mention that line: ask its people before you go on"
            )
    run.terminal.beside = _as_json(run)


def _say(run: Invocation, seen: Seen) -> None:
    run.terminal.note(f"{sentence(seen.line)} {_VERIFIED if seen.verified else _WORD}")
    if seen.behind:
        run.terminal.warn(
            f"this device has verified another roster of line {seen.line.account} than the service "
            "shows, and none that is older: ask its people before you go on"
        )


def _as_json(run: Invocation) -> dict[str, Any]:
    """Every line that was said; ``lines_in_doubt``: what this device knows of them is not shown."""
    said = [line for lines in run.lines.values() for line in lines]
    behind = [one.line.account for one in map(partial(_read, run), said) if one.behind]
    hidden = [one for account, lines in run.lines.items() for one in _hidden(run, account, lines)]
    return {
        "lines": [line.model_dump(mode="json") for line in said],
        "lines_in_doubt": sorted({*behind, *hidden}),
    }


def check_lines(run: Invocation, account: str) -> None:
    """Warn where another line can act; anyone whom an older one names types a yes.

    An older line names them by what the service shows, or may do so by a roster that this device
    has accepted and the service does not show. The lines were said before. ``--yes`` does not
    answer this.

    Raises:
        ClientRefusal: ``not-confirmed``, or ``needs-answer`` without a terminal.
    """
    lines = run.lines.get(account, [])
    seen = [_read(run, line) for line in lines]
    for one in seen:
        if one.line.can_act:
            run.terminal.warn(
                f"line {one.line.account} of this AWS account can act today: ask its people why "
                f"{account} is needed beside it"
            )
    mine = [one.line.account for one in seen if one.line.older(account) and _names(run, one)]
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
        for one in (_read(run, line) for line in lines)
    ]
    hidden = _hidden(run, account, lines)
    return [*known, *({"account": one, "verified": True, "able": False} for one in hidden)]


def _names(run: Invocation, seen: Seen) -> bool:
    named = seen.line.named is not None and run.config.person in seen.line.named.people
    return named or (seen.known and not seen.verified)


def _read(run: Invocation, line: Line) -> Seen:
    named, digest = _named(line)
    known = memory.seen_roster(run.home, line.account)
    beside = Beside(
        account=line.account,
        since=line.registered_at,
        by=line.registered_by,
        named=named,
        signed=line.signed,
        able=line.able,
    )
    shown = (named.version if named and line.signed else 0, digest)
    verified = known is not None and known == shown
    behind = known is not None and not verified and shown[0] <= known[0]
    return Seen(line=beside, verified=verified, behind=behind, known=known is not None)


def _named(line: Line) -> tuple[Named | None, str]:
    """Whom the payload names, and its digest; no one where it is no roster of that line."""
    try:
        statement = unsigned("roster", b64decode(line.payload)) if line.payload else None
    except CryptoError:
        return None, ""
    if statement is None or statement.payload["account"] != line.account:
        return None, ""
    return Named.from_payload(statement.payload), statement.digest


def _hidden(run: Invocation, account: str, lines: Sequence[Line]) -> Iterator[str]:
    """Lines of which this device has accepted a roster, and of which the service says nothing."""
    said = {account, *(line.account for line in lines)}
    for known in memory.known_accounts(run.home):
        if same_account(known, account) and known not in said:
            yield known
