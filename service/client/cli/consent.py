"""The one place where a consent is drawn: no statement is signed that was not shown here.

The words are those of ``foundation.words.consents``. What was shown is noted in
:class:`~service.client.cli.invocation.LogSight`, which every signature asks.
"""

import shutil
import sys
import textwrap
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from crypto.encoding import format_time
from service.client.cli.before import is_entered
from service.client.cli.invocation import Invocation
from service.client.cli.lines import known_beside
from service.client.foundation import render
from service.client.foundation.words.consent.parts import headline, task_title
from service.client.foundation.words.consents import Context, Lines, lines
from service.client.link.api import Api
from service.client.trust import contexts
from service.client.trust.contexts import Reader
from service.client.trust.shown import ShownRequest

_LABEL = 18
_NARROWEST = 20


def consent(
    run: Invocation,
    kind: str,
    payload: Mapping[str, Any],
    context: Context,
    *,
    late: Collection[str] = (),
) -> None:
    """Show what is about to be signed, and note that it was.

    ``payload`` is without what comes of the keys, or of chance; each field of it has to be signed
    as it is here, but for those that are ``late``: only unlocking or opening settles them.
    """
    found = [*context.warnings, *run.sight.found]
    draw(run, lines(kind, payload, replace(context, warnings=found)))
    run.sight.show(kind, {name: payload[name] for name in payload if name not in late})


def draw(run: Invocation, shown: Lines) -> None:
    """Draw a consent to standard error; on a terminal a long value stays in its own column."""
    note = run.terminal.note
    note(f"\n{shown.title}")
    for label, value in shown.rows:
        for number, part in enumerate(_folded(run, value)):
            note(f"  {label if number == 0 else '':{_LABEL}}{part}")
    for warning in shown.warnings:
        run.terminal.warn(warning)
    note(shown.effect)


def ask_words(run: Invocation, context: Context, question: str, *, option: str) -> str:
    """Ask for words that will be signed, about a request that is named before the consent.

    Raises:
        ClientRefusal: ``needs-answer``.
    """
    if run.terminal.interactive:
        run.terminal.note(f"{headline(context)}: {task_title(context.request)}")
    return run.terminal.ask(question, option=option)


def _folded(run: Invocation, value: str) -> list[str]:
    """Fold by hand: a terminal would go on at its left edge, where the next row's label stands."""
    value = render.one_line(value)
    if not run.terminal.is_terminal(sys.stderr):
        return [value]
    width = max(shutil.get_terminal_size().columns - _LABEL - 3, _NARROWEST)
    return textwrap.wrap(value, width, drop_whitespace=False) or [value]


def reader(run: Invocation, account: str) -> Reader:
    """Return who signs here with the service: this device's person and clock, and other lines."""
    return Reader(keyid=run.config.fingerprint, now=run.now(), beside=known_beside(run, account))


def request_context(run: Invocation, api: Api, shown: ShownRequest) -> Context:
    """Return the context of an act on a request that was verified, and held against the log."""
    about, chain = shown.about, shown.chain
    context = contexts.of_account(chain, about.roster, reader(run, about.request.account))
    context = contexts.with_envelope(context, chain, shown.envelope, shown.detail.manifest_state)
    return contexts.with_request(
        context,
        about,
        entered=is_entered(run, api, shown),
        decisions=shown.counted,
        me=run.config.person,
    )


def own_keys_context(run: Invocation, person: str, name: str, **said: Any) -> Context:  # noqa: ANN401
    """Return the context of an act on one's own keys; ``said`` is what an invitation says."""
    return Context(names={person: name}, now=format_time(run.now()), **said)
