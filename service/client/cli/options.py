"""The options that every command shares, and the decorator that makes a command with them."""

from collections.abc import Callable
from typing import Any, TypeAlias

import click

from service.client.cli.invocation import Invocation
from service.domain import typed

_Function: TypeAlias = Callable[..., None]


class Account(click.ParamType[str]):
    """An account as people type it: its digits in any grouping, or its name.

    Digits become the id at once; a name is looked up by ``finding.find_account``.
    """

    name = "account"

    def convert(
        self,
        value: Any,  # noqa: ANN401 - click's signature
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> str:
        """Return the account's id, or a name."""
        text = str(value).strip()
        if not text or (text[0].isdecimal() and not typed.account_id(text)):
            self.fail(
                "an account is its twelve digits, with a point and a number from 2 for a further "
                "line of it, or its name",
                param,
                ctx,
            )
        return typed.account_id(text) or text


class Request(click.ParamType[str]):
    """A request as people type it: its id, the address of its page, or how its id begins.

    What is not whole is completed by ``finding.find_request`` or ``finding.find_own``.
    """

    name = "request"

    def convert(
        self,
        value: Any,  # noqa: ANN401 - click's signature
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> str:
        """Return the request's id, or its beginning."""
        found = typed.request_id(str(value))
        if not found:
            self.fail(
                "a request is its id, the address of its page, or at least the first "
                f"{typed.SHORTEST} characters of its id",
                param,
                ctx,
            )
        return found


class FromInput(click.ParamType[str]):
    """``-`` alone, for what is secret: other users of a machine can see a command's arguments."""

    name = "-"

    def convert(
        self,
        value: Any,  # noqa: ANN401 - click's signature
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> str:
        """Return ``-``; what else was given is not repeated."""
        if value != "-":
            self.fail(
                "others on this machine can see what stands here: give - instead, and type or "
                "pipe it",
                param,
                ctx,
            )
        return "-"


account_argument = click.argument("account", type=Account())
request_argument = click.argument("request_id", metavar="REQUEST", type=Request())


def command(
    name: str, *, signs: bool = False, asks: bool = False
) -> Callable[[_Function], click.Command]:
    """Make a command that is called with the ``Invocation`` first.

    All have ``--json``; those that sign or open something also have ``--yes``, ``--phrase-file``,
    ``--phrase-fd``, ``--log-key``, ``--despite-clock``, ``--heard`` and ``--in-this-line``; one
    that only ``asks`` has ``--yes``. The help is the function's docstring.
    """
    shared = [*_SHARED, *(_SIGNING if signs else (_YES,) if asks else ())]

    def make(function: _Function) -> click.Command:
        made = click.command(name, params=list(shared))(click.pass_obj(function))
        # The command's own arguments and options come before the shared ones.
        made.params = made.params[len(shared) :] + made.params[: len(shared)]
        return made

    return make


def group(
    name: str, help_: str, *commands: click.Command, default: click.Command | None = None
) -> click.Group:
    """Make a command of commands; ``default`` runs when none of them is named."""

    @click.pass_context
    def run_default(context: click.Context) -> None:
        if context.invoked_subcommand is None and default is not None:
            context.invoke(default)

    return click.Group(
        name,
        commands={str(command.name): command for command in commands},
        callback=run_default,
        invoke_without_command=default is not None,
        params=list(_SHARED),
        help=help_,
    )


def _setter(target: str) -> Callable[[click.Context, click.Parameter, Any], None]:
    def store(context: click.Context, _parameter: click.Parameter, value: Any) -> None:  # noqa: ANN401
        run = context.find_object(Invocation)
        if run is not None and value is not None and value is not False:
            run.set(target, value)

    return store


def _option(*names: str, target: str, **more: Any) -> click.Option:  # noqa: ANN401 - click's own
    return click.Option(names, expose_value=False, callback=_setter(target), **more)


_SHARED = (_option("--json", target="as_json", is_flag=True, help="Print the answer as JSON."),)
_YES = _option(
    "--yes",
    target="yes",
    is_flag=True,
    help="Answer yes to every question except about compared words.",
)
_SIGNING = (
    _YES,
    _option(
        "--phrase-file",
        target="phrase_file",
        type=click.Path(exists=True, dir_okay=False),
        envvar="BREAKGLASS_PHRASE_FILE",
        help="Read the recovery phrase from this file.",
    ),
    _option(
        "--phrase-fd",
        target="phrase_fd",
        type=click.IntRange(min=0),
        help="Read the recovery phrase from this open file descriptor.",
    ),
    _option(
        "--log-key",
        target="log_key",
        metavar="KEY",
        help="The log's verifier key, from your own notes.",
    ),
    _option(
        "--despite-clock",
        target="despite_clock",
        is_flag=True,
        help="Go on although this device's clock differs from the service's.",
    ),
    _option(
        "--heard",
        target="heard",
        is_flag=True,
        help="Go on with what the log does not show yet: you have heard it by voice.",
    ),
    _option(
        "--in-this-line",
        target="in_this_line",
        is_flag=True,
        help="Go on in this line, although an older line of the account names you.",
    ),
)
