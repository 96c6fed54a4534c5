"""``GET /api/openapi.json``: OpenAPI 3.1, made from the very routes and models that serve the requests."""

import re
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema
from sanic import HTTPResponse, Request, Sanic, json

from connectors.gateway.api import media
from connectors.gateway.api.route import Fields, Route
from connectors.gateway.api.serve import COOKIE, CSRF_HEADER, WRITES

SCHEMAS = "#/components/schemas/{model}"
ERROR_WORDS = {
    400: "The request is malformed.",
    401: "Nobody is signed in, or the credentials are wrong.",
    403: "The role, the origin or the CSRF token does not allow this.",
    404: "There is no such thing.",
    409: "Somebody else was first, or the id was used before.",
    413: "The body is larger than 256 KB, or a file than 20 MB.",
    422: "Well-formed, but it can't be done; the detail says why.",
    429: "Too many tries; see Retry-After.",
    503: "The database can't be reached; see Retry-After.",
}


class ErrorAnswer(BaseModel):
    """Every error. A lost race also says who won (``winner``), and who holds the conversation now."""

    error: str
    detail: str
    winner: str | None = None
    holder: str | None = None
    epoch: int | None = None


References = Mapping[type[Any], dict[str, Any]]
"""How each model is referred to."""


def describe(app: Sanic[Any, Any], routes: list[Route]) -> None:
    """Serve ``GET /api/openapi.json``."""

    @cache  # made when somebody asks, not while the desk starts
    def document() -> dict[str, Any]:
        return openapi(routes)

    @app.get("/api/openapi.json", name="api_openapi")
    async def serve_openapi(_request: Request) -> HTTPResponse:
        return json(document())


def openapi(routes: list[Route]) -> dict[str, Any]:
    """The whole document."""
    references, definitions = _schemas(routes)
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, references)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Frontdesk", "version": version("frontdesk"), "description": "The desk's HTTP interface."},
        "paths": {**paths, media.PATH: media.OPERATION},
        "components": {
            "schemas": definitions,
            "securitySchemes": {
                "cookie": {"type": "apiKey", "in": "cookie", "name": COOKIE},
                "csrf": {"type": "apiKey", "in": "header", "name": CSRF_HEADER},
            },
        },
    }


def _schemas(routes: list[Route]) -> tuple[References, dict[str, Any]]:
    bodies = {route.body for route in routes if route.body is not None}
    answers = {route.answer for route in routes if route.answer is not None} | {ErrorAnswer}
    references, document = models_json_schema(
        [
            *((body, "validation") for body in sorted(bodies, key=str)),
            *((answer, "serialization") for answer in sorted(answers, key=str)),
        ],
        ref_template=SCHEMAS,
    )
    return {model: schema for (model, _), schema in references.items()}, document["$defs"]


def _operation(route: Route, references: References) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": route.name,
        "summary": route.summary.partition("\n")[0],
        "description": route.summary,
        "parameters": [*_path_parameters(route), *_query_parameters(route)],
        "responses": _responses(route, references),
        "security": _security(route),
    }
    if route.body is not None:
        content = {"application/json": {"schema": references[route.body]}}
        operation["requestBody"] = {"required": True, "content": content}
    if route.form is not None:
        content = {"multipart/form-data": {"schema": _with_file(route.form)}}
        operation["requestBody"] = {"required": True, "content": content}
    return operation


def _with_file(form: type[Fields]) -> dict[str, Any]:
    """The form's fields, and its file."""
    schema = form.model_json_schema()
    schema["properties"]["file"] = {"type": "string", "format": "binary", "description": "At most 20 MB."}
    return schema | {"required": [*schema.get("required", []), "file"]}


def _path_parameters(route: Route) -> list[dict[str, Any]]:
    names = re.findall(r"\{(\w+)\}", route.path)
    return [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]


def _query_parameters(route: Route) -> list[dict[str, Any]]:
    if route.query is None:
        return []
    schema = route.query.model_json_schema()
    needed = schema.get("required", [])
    return [
        {"name": name, "in": "query", "required": name in needed, "schema": field}
        for name, field in schema["properties"].items()
    ]


def _responses(route: Route, references: References) -> dict[str, Any]:
    responses: dict[str, Any] = {}
    for status in (route.status, *route.also):
        responses[str(status)] = {"description": "Done."}
        if route.answer is not None:
            content = {"application/json": {"schema": references[route.answer]}}
            responses[str(status)]["content"] = content
    content = {"application/json": {"schema": references[ErrorAnswer]}}
    for status in sorted({*_usual_errors(route), *route.errors}):
        responses[str(status)] = {"description": ERROR_WORDS[status], "content": content}
    return responses


def _usual_errors(route: Route) -> set[int]:
    errors = {503}
    if route.permission is not None:
        errors |= {401, 403}
    if route.method in WRITES:
        errors |= {403, 413}
    if route.body is not None or route.form is not None or route.query is not None:
        errors.add(400)
    if "{" in route.path:
        errors.add(404)
    return errors


def _security(route: Route) -> list[dict[str, list[str]]]:
    if route.permission is None:
        return []
    return [{"cookie": [], "csrf": []}] if route.method in WRITES else [{"cookie": []}]
