"""Where notices go."""

from flask import Blueprint

from service.usecases import channels
from service.web.access import Role, requires
from service.web.act import act
from service.web.current import caller, ctx
from service.wire.channels import Channels

bp = Blueprint("channels", __name__)


@bp.get("/channels")
@requires(Role.OPERATOR, Role.AUDITOR)
@act("channel.list")
def health() -> Channels:
    """Every channel, what waits for it, and whether it takes notices."""
    return channels.health(ctx(), caller())
