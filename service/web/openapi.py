"""The OpenAPI 3.1 document, made from the routes and the very shapes they parse and answer.

spectree writes the document and does nothing else: it never comes between a call and its view,
registers no route and serves no page (docs/adr/0003-openapi-library.md).
"""

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from http import HTTPStatus
from importlib.metadata import version
from typing import Any

from flask import Flask
from spectree import Response, SecurityScheme, SpecTree
from spectree.models import SecureType, SecuritySchemeData
from spectree.plugins.base import BasePlugin
from werkzeug.routing import Rule

from service.web.access import Access, access_of
from service.web.act import act_of, acts
from service.web.converters import CONVERTERS, Leaf
from service.web.page import is_page
from service.web.problems import MEDIA_TYPE
from service.web.static_files import ENDPOINT
from service.wire.base import Problem

_REFUSED = HTTPStatus.BAD_REQUEST.value  # every refusal, until it becomes "default"
_BEARER = "bearer"
_PART = re.compile("<(?P<kind>[a-z]+):(?P<name>[a-z]+)>")


class Routes(BasePlugin[Rule]):
    """The routes of an application, as spectree asks for them."""

    def register_route(self, app: Flask) -> None:
        """Nothing: the document is served by a view of ours."""

    def find_routes(self) -> Iterator[Rule]:  # type: ignore[override] # spectree means "several"
        """Every route of the API; pages and files are for browsers."""
        app = self.spectree.app
        rules = [
            rule
            for rule in app.url_map.iter_rules()
            if rule.endpoint != ENDPOINT and not is_page(app.view_functions[rule.endpoint])
        ]
        yield from sorted(rules, key=lambda rule: rule.rule)

    def bypass(self, func: Callable[..., Any], method: str) -> bool:  # noqa: ARG002 - spectree's
        """HEAD says what GET says."""
        return method == "HEAD"

    def parse_func(self, route: Rule) -> Iterator[tuple[str, Callable[..., Any]]]:
        """The method, and a stand-in that carries what the view declares."""
        view = self.spectree.app.view_functions[route.endpoint]
        for method in sorted(route.methods or ()):
            yield method, _documented(self.spectree, view)

    def parse_path(
        self,
        route: Rule,
        path_parameter_descriptions: Mapping[str, str] | None,  # noqa: ARG002 - spectree's
    ) -> tuple[str, list[dict[str, Any]]]:
        """The path with its parameters in braces, each with the pattern that the router uses."""
        parameters = [_parameter(part["name"], part["kind"]) for part in _PART.finditer(route.rule)]
        return _PART.sub(r"{\g<name>}", route.rule), parameters


def _parameter(name: str, kind: str) -> dict[str, Any]:
    converter = CONVERTERS[kind]
    number = converter is Leaf
    schema = {"type": "integer", "minimum": 0} if number else {
        "type": "string", "pattern": f"^{converter.regex}$"
    }  # fmt: skip
    return {
        "name": name,
        "in": "path",
        "required": True,
        "schema": schema,
        "description": inspect.getdoc(converter),
    }


def _documented(tree: SpecTree, view: Callable[..., Any]) -> Callable[..., Any]:
    """A stand-in for the view with its docstring; calling it does nothing."""
    access, declared = access_of(view), act_of(view)
    if access is None:
        raise RuntimeError("a view without @requires")

    def stand_in() -> None: ...

    stand_in.__name__ = view.__name__
    stand_in.__doc__ = f"{inspect.getdoc(view)}\n\n{_who(access)}"
    status = declared.status if declared else HTTPStatus.OK
    answer = declared.answer if declared else None
    documented: Callable[..., Any] = tree.validate(
        json=declared.body if declared else None,
        query=declared.query if declared else None,
        resp=Response(**{f"HTTP_{status.value}": answer}),
        tags=[declared.name.partition(".")[0] if declared else "service"],
        security=[] if access.public else [{_BEARER: []}],
        operation_id=declared.name if declared else view.__name__,
        skip_validation=True,
    )(stand_in)
    return documented


def _who(access: Access) -> str:
    if access.public:
        return "For anybody."
    roles = " or ".join(sorted(access.roles))
    fresh = " in a session proven within the last five minutes" if access.fresh else ""
    return f"For: {roles}{fresh}."


def document(app: Flask) -> dict[str, Any]:
    """The OpenAPI document of all routes."""
    tree = SpecTree(
        backend=Routes,
        app=app,
        title="breakglass",
        description="Custodians of two groups release an AWS root password together.",
        version=version("breakglass"),
        annotations=False,
        naming_strategy=lambda shape: shape.__name__,
        nested_naming_strategy=lambda _parent, child: child,
        validation_error_status=_REFUSED,
        validation_error_model=Problem,
        security_schemes=[
            SecurityScheme(
                name=_BEARER, data=SecuritySchemeData(type=SecureType.HTTP, scheme="bearer")
            )
        ],
    )
    spec: dict[str, Any] = tree.spec
    for path in spec["paths"].values():
        for operation in path.values():
            _set_refusals(operation["responses"])
    _set_files(app, spec)
    del spec["security"]  # each operation says it
    return spec


def _set_files(app: Flask, spec: dict[str, Any]) -> None:
    """An operation that hands out a file says of which media types."""
    files = {name: route.act.files for name, route in acts(app).items() if route.act.files}
    for path in spec["paths"].values():
        for operation in path.values():
            for media_type in files.get(operation["operationId"], ()):
                answer = operation["responses"][str(HTTPStatus.OK.value)]
                answer.setdefault("content", {})[media_type] = {"schema": {"type": "string"}}


def _set_refusals(responses: dict[str, Any]) -> None:
    """Any refusal may answer any operation, as a problem document."""
    refused = responses.pop(str(_REFUSED))
    [schema] = refused["content"].values()
    responses["default"] = {
        "description": "A refusal; its type is urn:breakglass:<code>",
        "content": {MEDIA_TYPE: schema},
    }
