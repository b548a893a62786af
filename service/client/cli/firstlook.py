"""The first look of a device at a log: what its owner has signed has to be its beginning.

A device that remembers nothing of a log gets its owner's newest statement with the answer to
signing in. The head in it was verified when it was signed, on whatever device, so it is remembered
as if this one had seen it. The service can keep the statement back, or show an older one: without
one the log is new here, and people are told so.
"""

from crypto.identity import Identity
from crypto.spoken import log_key_words
from service.client.cli.invocation import Invocation
from service.client.device import memory
from service.client.device.memory import SeenLog
from service.client.foundation import render
from service.client.foundation.errors import ClientRefusal
from service.client.link.api import Api
from service.client.trust.heads import own_head
from service.wire.people import SessionOpened


def take_own_head(run: Invocation, api: Api, opened: SessionOpened, me: Identity) -> None:
    """Remember the head in my newest statement, where this device remembers nothing of the log.

    ``me`` is what was just unlocked: what it did not sign is named, and left.

    Raises:
        ClientRefusal: ``home-damaged``, ``home-open``.
    """
    if opened.own_statement is None:
        return
    with run.home.locked():
        if memory.seen_log(run.home, api.server) is not None:
            return
        try:
            head = own_head(opened.own_statement, me.public.signing_key)
        except ClientRefusal as refused:
            run.terminal.warn(f"{refused.message} [{refused.code}]. {refused.hint}")
            return
        log = SeenLog.of_head(head.size, bytes.fromhex(head.root))
        memory.remember_log(run.home, api.server, log)


def say_first_look(run: Invocation, log_key: str, seen: SeenLog | None) -> None:
    """Say once that the key of a log is trusted from now on, and what is known of that log."""
    if seen is not None:
        run.terminal.note(
            f"This device now trusts the log's key {log_key}: the log continues what you signed "
            "before."
        )
        return
    run.terminal.warn(
        f"This device has not seen this log before, and trusts its key from now on: {log_key}. "
        "Compare the eight words of that key with someone whose device knows the log "
        f"('breakglass whoami' shows them): {render.spoken(log_key_words(log_key))}"
    )
