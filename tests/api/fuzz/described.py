"""The service's own document, and what every answer has to keep of it."""

from typing import Any

import schemathesis
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from service.config import Settings
from service.web.app import create_app
from service.web.openapi import document

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
SCHEMA = schemathesis.openapi.from_dict(
    document(create_app(None, Settings()))  # type: ignore[arg-type] # no call is made
)
OPERATIONS = {
    operation["operationId"]: (path, method.upper())
    for path, operations in SCHEMA.raw_schema["paths"].items()
    for method, operation in operations.items()
}


def case_of(operation: str, where: dict[str, Any]) -> Case[Any]:
    """A call of an operation, with these parts of its path."""
    path, method = OPERATIONS[operation]
    return SCHEMA[path][method].Case(path_parameters=where)
