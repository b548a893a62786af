"""The words that are shown before anything is signed: one function for every kind of statement.

Pure, and with a twin in ``service/browser/words/consents.js``; ``tests/vectors/consents.json`` has
what both return. ``payload`` is what will be signed, perhaps without the fields that come from the
key itself; :class:`Context` is what was verified beside it.
"""

from collections.abc import Callable, Mapping

from service.client.foundation.words.consent import endings, envelopes, people, requests
from service.client.foundation.words.consent.context import Context, Data, Lines

__all__ = ["KINDS", "Context", "Lines", "lines"]

KINDS: Mapping[str, Callable[[Data, Context], Lines]] = {
    "request": requests.request,
    "decision": requests.decision,
    "cancellation": requests.cancellation,
    "release": endings.release,
    "closure": endings.closure,
    "review": endings.review,
    "manifest": envelopes.manifest,
    "custody-receipt": envelopes.receipt,
    "paper": envelopes.paper,
    "papers": envelopes.papers,
    "roster": people.roster,
    "slot": people.slot,
    "identity": people.identity,
}


def lines(kind: str, payload: Data, context: Context) -> Lines:
    """Return what is shown before a statement of this kind is signed.

    Raises:
        KeyError: no such kind, or a field or a part of the context that its words need is missing.
        ValueError: the payload, or the request it is about, is of another account.
    """
    for given in (payload, context.request):
        if given.get("account", context.account) != context.account:
            raise ValueError("what was verified is of another account")
    return KINDS[kind](payload, context)
