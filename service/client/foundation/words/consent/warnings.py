"""What consents warn of, and when a request ends."""

from datetime import timedelta

from crypto.encoding import format_time, parse_time
from service.client.foundation import render
from service.client.foundation.words.consent.context import Context, Data
from service.client.foundation.words.consent.parts import capital, named, numbered
from service.domain import words
from service.domain.lines import FIRST, number
from service.domain.request import CLOCK_SLACK


def ends_at(context: Context) -> str:
    """Return when a request expires, counted from its proved entry or from what was signed."""
    request = context.request
    begins = parse_time(context.entered or request["at"])
    return format_time(begins + timedelta(seconds=request["lifetime"]))


def clock_warnings(context: Context) -> list[str]:
    """Warn if this device's own clock lies outside the request's lifetime."""
    begins, now = parse_time(context.entered or context.request["at"]), parse_time(context.now)
    ends = parse_time(ends_at(context))
    ask = f"hear {named(context, context.request['requester'])} by voice before you go on"
    clock = "By this device's clock this request"
    if now >= ends:
        ago = render.duration(int((now - ends).total_seconds()))
        return [f"{clock} ended {ago} ago: {ask}."]
    if now < begins - CLOCK_SLACK:
        away = render.duration(int((begins - now).total_seconds()))
        return [f"{clock} was made {away} from now: {ask}."]
    return []


def account_warnings(context: Context) -> list[str]:
    """Warn of people for whom only the service vouches, and of other lines of the account."""
    warnings = []
    if context.anchor == 0:
        warnings.append(
            "No version of this account's roster is known here as one that you signed: that these "
            f"people count is {context.source}'s word."
        )
    for line in context.beside:
        seen = "as this device verified" if line["verified"] else f"{context.source} says"
        able = f" {capital(context.source)} says that it can act today." if line["able"] else ""
        warnings.append(f"This is not the only line: there is {_line(line)}, {seen}.{able}")
    return [*warnings, *map(render.one_line, context.warnings)]


def knows_warnings(context: Context) -> list[str]:
    """Warn of a password that its requester knows."""
    envelope = context.envelope
    if not envelope["foreign"]:
        return []
    known = words.SEALED_BY_REQUESTER.format(name=named(context, envelope["sealer"]))
    return [f"This password is {known}."]


def _line(line: Data) -> str:
    account = line["account"]
    return numbered(account) if number(account) != FIRST else f"{numbered(account)}, LINE {FIRST}"
