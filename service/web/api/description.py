"""What machines ask for: is it alive, and what does it understand."""

import json

from flask import Blueprint, Response, current_app

from service.web.access import Role, requires
from service.web.current import ctx
from service.web.openapi import document

bp = Blueprint("description", __name__)


@bp.get("/healthz")
@requires(Role.PUBLIC)
def health() -> Response:
    """Alive: the service answers and its database can be read."""
    with ctx().read():
        return Response('{"status":"ok"}', content_type="application/json")


@bp.get("/openapi.json")
@requires(Role.PUBLIC)
def openapi() -> Response:
    """This document."""
    return Response(json.dumps(document(current_app)), content_type="application/json")
