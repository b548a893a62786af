"""A verified request as words: hands the values of ``trust`` to ``foundation.words``."""

from datetime import datetime

from service.client.foundation.words import requests as words
from service.client.foundation.words.envelopes import who_knows
from service.client.trust.able import new_keys
from service.client.trust.shown import ShownRequest


def statement_lines(shown: ShownRequest, now: datetime) -> list[str]:
    """Say what the requester has signed, from the signed statement alone."""
    about, name_of = shown.about, shown.chain.name_of
    state = f"version {shown.envelope.version}, {shown.detail.manifest_state}"
    if known := who_knows(shown.envelope, shown.chain.named(shown.envelope.roster), name_of):
        state += f", {known}"
    return words.request_lines(about.request, about.roster, name_of, envelope=state, now=now)


def group_rows(shown: ShownRequest) -> tuple[list[str], list[list[str]]]:
    """Return headers and rows that put both groups side by side."""
    sealed_for = shown.chain.named(shown.envelope.roster)
    return words.group_rows(
        shown.about.roster,
        sealed_for,
        shown.counted,
        shown.chain.name_of,
        new_keys=new_keys(shown.chain),
        left_out=[decision.custodian for decision in shown.left_out],
    )


def asked_lines(shown: ShownRequest) -> list[str]:
    """Say who is asked, by group, and how many of them it takes."""
    sealed_for = shown.chain.named(shown.envelope.roster)
    return words.asked_lines(
        shown.about.roster, sealed_for, shown.chain.name_of, new_keys=new_keys(shown.chain)
    )


def life_line(shown: ShownRequest) -> str:
    """Return a request's life as one line, ending with its state now."""
    return words.life_line(
        shown.detail.request.at,
        shown.decisions,
        shown.further,
        shown.detail.state,
        shown.chain.name_of,
    )
