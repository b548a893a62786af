"""The log under a key that this device does not know: taken up once a roster names it, or not.

The remembered key stays until such a roster is in force. Until then only that roster is signed,
under its own key, after both keys' words were compared by voice.
"""

from collections.abc import Callable

from crypto.spoken import log_key_words
from service.client.cli.checkpoints import acted, seen_size
from service.client.cli.fetching import see
from service.client.cli.invocation import Invocation
from service.client.cli.takingup import continued, parsed, taken_up
from service.client.device import memory
from service.client.foundation import render
from service.client.foundation.errors import ClientRefusal
from service.client.link.api import Api
from service.client.trust.entries import open_view
from service.client.trust.growth import check_log_receipt
from service.client.trust.newkey import check_draft, key_changed
from service.domain.roster import Roster
from service.wire.accounts import Rosters
from service.wire.base import Done, Shape
from service.wire.log import CheckpointAnswer


def see_draft(run: Invocation, api: Api, account: str) -> Rosters:
    """Fetch the rosters to sign a draft, also where the log is under a key not known here.

    Then ``run.sight.new_key`` has it; whether the draft names it, :func:`check` says.

    Raises:
        ClientRefusal: a code of ``checkpoints.check_log``.
    """
    path = f"/accounts/{account}/rosters"
    try:
        return see(run, api, path, Rosters)
    except ClientRefusal as refused:
        if refused.code != "log-key-changed" or run.log_key:
            raise
        size = seen_size(run, api)
        answer = api.get(path, Rosters, seen=size)
        if answer.log is None:
            raise
        fresh = continued(run, api, answer.log)
        run.sight.views.append(open_view(answer.log, fresh))
        run.sight.new_key = answer.log.verifier_key
        return answer


def check(
    run: Invocation, api: Api, draft: Roster, previous: Roster | None, words: str | None
) -> None:
    """Demand that the draft changes the key, and that both keys' words were compared by voice.

    ``words`` are the new key's, as someone heard them.

    Raises:
        ClientRefusal: ``log-key-changed``; ``words-differ``; ``not-confirmed``, ``needs-answer``.
    """
    new = run.sight.new_key
    if not new:
        return
    known = _known(run, api)
    check_draft(draft, previous, known=known, shown=new)
    expected = log_key_words(new)
    run.terminal.warn(
        "the draft CHANGES THE LOG'S KEY, and the service signs with the new one already: do not "
        "sign unless its operator said, over a channel that you trust, that the old one is lost"
    )
    run.terminal.note(f"    the key known here: {render.spoken(log_key_words(known))}")
    run.terminal.note(f"    the draft's key:    {render.spoken(expected)}")
    if words is None:
        run.terminal.confirm(
            "Does a custodian of the other group read the same words of both keys to you?",
            option="--log-key-words",
        )
    elif tuple(words.lower().split()) != expected:
        raise ClientRefusal(
            "words-differ",
            "the words of the log's new key are different here",
            "do not sign: the service may show you another key than it shows the others",
        )


def drafted_key(run: Invocation, api: Api, given: str) -> str:
    """Return the new key for a draft, if the service shows it and its log continues the known one.

    Raises:
        ClientRefusal: ``log-key-changed``; as ``takingup.continued``.
    """
    answer = api.get("/checkpoint", CheckpointAnswer, seen=seen_size(run, api))
    if answer.verifier_key != given:
        raise key_changed("the service shows another key for its log than the one given")
    continued(run, api, answer)
    return given


def submit_under(
    run: Invocation,
    api: Api,
    path: str,
    body: Shape,
    *,
    account: str,
    after: Callable[[Done], None],
) -> Done:
    """Post the signature; take the new key up if the roster is in force by that.

    Raises:
        ClientRefusal: the service's refusal; a code of ``checkpoints.check_log``, after which the
            signature had been sent.
    """
    done = api.post(path, body, Done)
    after(done)
    with acted(run):
        continued(run, api, api.get("/checkpoint", CheckpointAnswer, seen=seen_size(run, api)))
        if done.receipt:
            check_log_receipt(done, parsed(run.sight.new_key))
    if done.state == "accepted" and not taken_up(run, api, account):
        run.terminal.warn(
            "the log does not show the roster as accepted yet: this device goes on with the key "
            "that it knows until it does"
        )
    return done


def _known(run: Invocation, api: Api) -> str:
    seen = memory.seen_log(run.home, api.server)
    return seen.verifier_key if seen else ""
