"""The document says what the routes do, from the shapes that they parse."""

import json
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from pydantic import BaseModel

from service.config import Settings
from service.usecases.context import Context
from service.web.act import Route, acts
from service.web.app import create_app
from service.web.page import is_page
from service.web.static_files import ENDPOINT
from service.wire.base import Shape
from tests.usecases.world import World
from tests.web.calling import URL, Calls


@pytest.fixture(scope="module")
def calls(world: World) -> Calls:
    return Calls(create_app(world.ctx, Settings(url=URL)), world.ctx)


@pytest.fixture(scope="module")
def routes(world: World) -> dict[str, Route]:
    return acts(create_app(world.ctx, Settings(url=URL)))


@pytest.fixture(scope="module")
def document(calls: Calls) -> dict[str, Any]:
    answer = calls("GET", "/openapi.json")
    assert answer.content_type == "application/json"
    found: dict[str, Any] = json.loads(answer.data)
    return found


def test_the_document_is_valid_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1.")
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []


def test_every_route_is_in_it_and_nothing_else(world: World, document: dict[str, Any]) -> None:
    app = create_app(world.ctx, Settings(url=URL))
    routed = {
        (method, rule.rule.replace("<", "{").replace(">", "}"))
        for rule in app.url_map.iter_rules()
        if rule.endpoint != ENDPOINT and not is_page(app.view_functions[rule.endpoint])
        for method in (rule.methods or set()) - {"HEAD"}
    }
    for kind in app.url_map.converters:
        routed = {(method, path.replace(f"{{{kind}:", "{")) for method, path in routed}
    written = {
        (method.upper(), path) for path, found in document["paths"].items() for method in found
    }
    assert written == routed


def test_an_operation_names_exactly_the_shapes_of_its_view(
    document: dict[str, Any], routes: dict[str, Route]
) -> None:
    operations = {
        operation["operationId"]: operation
        for found in document["paths"].values()
        for operation in found.values()
    }
    for name, route in routes.items():
        operation = operations[name]
        assert ("requestBody" in operation) == (route.act.body is not None)
        if route.act.body:
            content = operation["requestBody"]["content"]
            assert content == {"application/json": {"schema": ref(route.act.body)}}
        answer = operation["responses"][str(route.act.status.value)]
        if route.act.answer:
            assert answer["content"] == {"application/json": {"schema": ref(route.act.answer)}}
        queried = {p["name"] for p in operation["parameters"] if p["in"] == "query"}
        assert queried == (set(route.act.query.model_fields) if route.act.query else set())


def ref(shape: type[BaseModel]) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{shape.__name__}"}


def test_a_component_is_the_schema_of_its_shape(document: dict[str, Any]) -> None:
    components = document["components"]["schemas"]
    shapes = {shape.__name__: shape for shape in below(Shape)}
    for name, component in components.items():
        if name == "Problem":
            continue
        own = shapes[name].model_json_schema(ref_template="#/components/schemas/{model}")
        own.pop("$defs", None)
        assert component == own
        assert component["additionalProperties"] is False


def below(shape: type[Shape]) -> list[type[Shape]]:
    return [
        found
        for further in shape.__subclasses__()
        for found in [further, *below(further)]
        if found.__module__.startswith("service.")
    ]


def test_no_two_shapes_share_a_name() -> None:
    names = [shape.__name__ for shape in set(below(Shape))]
    assert sorted(set(names)) == sorted(names)


def test_any_operation_may_answer_a_problem(document: dict[str, Any]) -> None:
    for found in document["paths"].values():
        for operation in found.values():
            assert list(operation["responses"]["default"]["content"]) == [
                "application/problem+json"
            ]


def test_only_public_operations_need_no_token(document: dict[str, Any]) -> None:
    open_to_all = {
        operation["operationId"]
        for found in document["paths"].values()
        for operation in found.values()
        if not operation["security"]
    }
    assert open_to_all == {
        "envelope.report-papers",
        "session.parameters",
        "session.open",
        "session.open-with-passkey",
        "session.passkey-options",
        "invitation.look",
        "invitation.passkey-options",
        "identity.enrol",
        "note.show",
        "health",
        "openapi",
    }


def test_an_act_has_one_route_and_is_named_noun_verb(routes: dict[str, Route]) -> None:
    assert all(name.count(".") == 1 and name.islower() for name in routes)
    assert len({(route.method, route.path) for route in routes.values()}) == len(routes)


def test_two_routes_for_one_act_are_refused(world: World) -> None:
    app = create_app(world.ctx, Settings(url=URL))
    view = app.view_functions["people.me"]
    app.add_url_rule("/again", "again", view)
    with pytest.raises(RuntimeError, match=r"person\.me"):
        acts(app)


def test_the_document_loads_nothing_and_is_the_only_page(calls: Calls, world: World) -> None:
    assert isinstance(world.ctx, Context)
    for path in ("/apidoc", "/apidoc/swagger/", "/apidoc/openapi.json", "/docs"):
        assert calls("GET", path).status_code == 404
