"""Following an enrolment link. The token comes after the # and is never sent with the page."""

from flask import Blueprint

from service.web.access import Role, requires
from service.web.page import Values, page

bp = Blueprint("pages_enrolment", __name__)


@bp.get("/enroll")
@requires(Role.PUBLIC)
@page("enroll")
def enroll() -> Values:
    """The same page for every link, good or not: whom it is for is asked by the page's script."""
    return {}
