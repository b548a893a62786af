"""``breakglass``: the program that people run on their own machines.

Loads nothing but click until a command runs. Exit codes: 0 done; 1 refused, or the reader of the
output has gone; 2 wrong usage.
"""

import pkgutil
import sys
from typing import IO, Any

import click

from crypto.errors import CryptoError
from service import streams
from service.client.cli.invocation import Invocation
from service.client.commands.table import COMMANDS
from service.client.foundation import render
from service.client.foundation.errors import ClientRefusal
from service.client.foundation.faults import as_refusal
from service.domain.errors import Refusal


class Refused(click.ClickException):
    """How a refusal leaves the program: a line on standard error, its hint, exit code 1."""

    exit_code = 1

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.hint = hint

    def show(self, file: IO[Any] | None = None) -> None:
        """Write the refusal to standard error."""
        click.echo(f"breakglass: {render.clean(self.message)} [{self.code}]", file=file, err=True)
        if self.hint:
            click.echo(f"  {render.clean(self.hint)}", file=file, err=True)


def _as_malformed(error: ValueError) -> Exception:
    """Turn a value that fits no shape into a refusal that names its fields, never the value."""
    if isinstance(error, UnicodeError):
        return Refused(
            "malformed",
            "what came in is not text in this terminal's encoding",
            "use UTF-8: set LC_ALL=C.UTF-8",
        )
    shapes = sys.modules.get("pydantic")  # loaded if this is one of its errors
    if shapes is None or not isinstance(error, shapes.ValidationError):
        return error
    places = {".".join(map(str, detail["loc"])) for detail in error.errors(include_input=False)}
    return Refused("malformed", f"not valid: {', '.join(sorted(places))}")


def _as_refused(failed: OSError) -> Refused:
    said = as_refusal(failed)
    return Refused(said.code, said.message, said.hint)


class LazyGroup(click.Group):
    """Knows its commands by name and one line each, and loads the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the commands in the order in which a person meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Load one command; all names lie in this package, whose imports the contracts see."""
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        command: click.Command = pkgutil.resolve_name(entry.place)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the table of commands without loading any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.help) for name, entry in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's signature
        """Run, and turn every kind of refusal into one line."""
        try:
            return super().invoke(ctx)
        except ClientRefusal as refused:
            raise Refused(refused.code, refused.message, refused.hint) from None
        except Refusal as refused:
            raise Refused(refused.code, refused.message) from None
        except CryptoError as refused:
            raise Refused("not-verified", str(refused)) from None
        except ValueError as malformed:
            raise _as_malformed(malformed) from None
        except BrokenPipeError:  # whoever read the output has gone; click ends quietly
            raise
        except OSError as failed:
            raise _as_refused(failed) from None


@click.group(cls=LazyGroup, invoke_without_command=True)
@click.version_option(package_name="breakglass")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
@click.pass_context
def cli(context: click.Context, *, as_json: bool) -> None:
    """Release an AWS root password together.

    Without a command: what needs your attention.
    """
    run = context.ensure_object(Invocation)
    context.color = None if streams.coloured() else False  # for all that click writes
    run.terminal.as_json = as_json
    if context.invoked_subcommand is None:
        from service.client.commands.people import waiting

        waiting(run)


def main() -> None:
    """Run the program."""
    streams.suit()
    try:
        sys.exit(cli(prog_name="breakglass"))
    except OSError as failed:  # its help could not be written
        _as_refused(failed).show()
        sys.exit(1)
    finally:
        streams.finish()
