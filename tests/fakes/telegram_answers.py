"""How Telegram's Bot API answers: ``{ok, result}``, or ``{ok, error_code, description, parameters}``."""

from typing import Any

from aiohttp import web


def ok(result: object) -> web.Response:
    return web.json_response({"ok": True, "result": result})


def error(code: int, description: str, parameters: dict[str, int] | None = None) -> web.Response:
    body: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
    if parameters:
        body["parameters"] = parameters
    return web.json_response(body, status=code)
