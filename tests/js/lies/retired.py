"""A retired line: every lie of ``tests.client.trust.test_lies_retired``, and what is honest."""

from crypto.encoding import format_time
from tests.client.honest import START, first_envelope, first_roster, request_by, seal_for
from tests.client.released import world
from tests.client.trust.test_lies_retired import LIES, RETIRED
from tests.js.lies.case import Case, chained


def cases() -> list[Case]:
    chain = (first_roster(), RETIRED)
    key, at = world().recipient.public, format_time(START)
    told = (
        ("a password from before", "verifyManifest", {"manifest": first_envelope().statement}, ""),
        (
            "a password under the end",
            "verifyManifest",
            {"manifest": seal_for(RETIRED).statement},
            "line-retired",
        ),
        ("a request from before", "verifyRequest", {"request": request_by(key), "at": at}, ""),
        (
            "a request under the end",
            "verifyRequest",
            {"request": request_by(key, roster=RETIRED), "at": at},
            "line-retired",
        ),
    )
    return [
        *(Case(name, "verifyChain", chained(*lie), "roster-chain") for name, lie in LIES),
        *(Case(name, act, chained(*chain, **given), code) for name, act, given, code in told),
    ]
