"""The floor: Sanic and python-socketio that say back what they hear. `python -m bench.side_by_side.echo PORT`."""

import itertools
import sys
from typing import Any

import socketio
from sanic import Sanic
from sanic.config import Config


def create_app() -> Sanic[Any, Any]:
    """The web chat's events and the gateway's settings for both libraries, and nothing behind them."""
    config = Config(env_prefix=None)
    config.MOTD, config.ACCESS_LOG = False, False
    app: Sanic[Any, Any] = Sanic("echo", config=config, configure_logging=False)
    sio = socketio.AsyncServer(async_mode="sanic", cors_allowed_origins=[], async_handlers=False)
    sio.attach(app)
    numbers = itertools.count(1)

    @sio.on("session_request")
    async def session_request(sid: str, data: dict[str, Any]) -> None:
        await sio.emit("session_confirm", data["session_id"], to=sid)

    @sio.on("user_uttered")
    async def user_uttered(sid: str, data: dict[str, Any]) -> dict[str, int]:
        seq = next(numbers)
        about = {"seq": next(numbers), "author": "bot"}
        await sio.emit("bot_uttered", {"text": data["message"], "metadata": about}, to=sid)
        return {"seq": seq}

    return app


if __name__ == "__main__":
    create_app().run("127.0.0.1", int(sys.argv[1]), single_process=True)
