"""A server that speaks Telegram's Bot API, with the shapes of its public documentation, and misbehaves on request.

The real client runs against it unmodified (``TELEGRAM_API_URL``).
"""

import asyncio
import itertools
import json
import random
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
SECRET = "agreed-with-telegram"
BOT = {"id": 110201543, "is_bot": True, "first_name": "Juniper & Finch", "username": "juniper_finch_bot"}
SENDS = ("sendMessage", "sendPhoto", "sendVoice", "sendSticker", "sendDocument")
PICTURE = b"\x89PNG\r\n\x1a\n" + b"\0" * 64

_RIGHTS = (
    "can_be_edited",
    "is_anonymous",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_manage_topics",
)
_GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")


@dataclass
class Shown:
    """A message as the chat shows it now."""

    message_id: int
    chat_id: int
    text: str
    buttons: list[tuple[str, str]]
    """``(title, callback_data)``"""
    reply_to: int | None
    at: float
    versions: list[str] = field(default_factory=list)
    """Every text it has had, the first one first."""
    topic: int | None = None
    file: "tuple[str, str, bytes] | None" = None
    """``(photo | voice | sticker | document, name, content)``; the name of a file that Telegram had is its id."""


class FakeTelegram:
    """``mode``: ``ok | slow | flood | broken | accept_then_drop``; ``blocked`` and ``migrated`` are chats of that kind."""

    def __init__(self, mode: str = "ok") -> None:
        self.mode = mode
        self.flood_share = 1.0
        self.flooded: set[int] | None = None
        """The chats that a flood hits; None: every chat."""
        self.retry_after = 1
        self.calls: Counter[str] = Counter()
        self.chats: defaultdict[int, list[Shown]] = defaultdict(list)
        self.actions: Counter[int] = Counter()
        self.answered: dict[str, str | None] = {}
        self.led_to: dict[str, str] = {}
        """Where presses were answered with a way to somewhere: ``{query: url}``."""
        self.bot_is_admin = True
        self.forums: dict[int, dict[int, str]] = {}
        """Groups with topics: ``{chat: {topic: name}}``."""
        self.closed_topics: set[int] = set()
        self.members: set[int] = set()
        """Of any group that is asked about."""
        self.never_started: set[int] = set()
        """People to whom a bot may not write, because they have not opened the chat with it."""
        self.reactions: dict[tuple[int, int], list[str]] = {}
        self.blocked: set[int] = set()
        self.migrated: dict[int, int] = {}
        self.files: dict[str, bytes] = {"picture-1": PICTURE}
        self.refuses_pictures = False
        """As Telegram does with very large or very narrow ones."""
        self.webhook: dict[str, str] = {}
        self.commands: list[dict[str, str]] = []
        self.chat_commands: dict[int, list[dict[str, str]]] = {}
        """Menus of single chats."""
        self.quiet_until: dict[int, float] = {}
        self.refused = 0
        """Calls that were answered 429."""
        self.early = 0
        """Calls to a chat within the time that its last 429 named."""
        self.url = ""
        self._updates: list[dict[str, Any]] = []
        self._update_ids = itertools.count(700_000_001)
        self._message_ids = itertools.count(1)
        self._news = asyncio.Event()
        self._runner: web.AppRunner | None = None
        self._random = random.Random(5)  # noqa: S311 - the same run each time

    async def start(self) -> None:
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_post("/bot{token}/{method}", self._call)
        app.router.add_get("/file/bot{token}/{path:.+}", self._download)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    # What people do.

    def text(self, chat_id: int, text: str, **more: Any) -> dict[str, Any]:
        """The update of a private message."""
        return self.update(message=self.message(chat_id, text=text, entities=_commands_in(text), **more))

    def message(self, chat_id: int, user_id: int | None = None, **content: Any) -> dict[str, Any]:
        kind = "private" if chat_id > 0 else "supergroup"
        chat: dict[str, Any] = {"id": chat_id, "type": kind}
        chat |= {"first_name": "Maya"} if chat_id > 0 else {"title": "Housemates"}
        return {
            "message_id": next(self._message_ids),
            "from": _person(user_id or chat_id),
            "chat": chat,
            "date": int(time.time()),
            **content,
        }

    def update(self, **content: Any) -> dict[str, Any]:
        return {"update_id": next(self._update_ids), **content}

    def press(
        self, shown: Shown, data: str, user_id: int | None = None, answers: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """The update of a pressed button. ``answers``: the message that the pressed one answers."""
        message = self.message(shown.chat_id, text=shown.text) | {"message_id": shown.message_id, "from": BOT}
        message |= {"reply_to_message": answers} if answers is not None else {}
        message |= _in_topic(shown.topic)
        query = {
            "id": f"q{next(self._message_ids)}",
            "from": _person(user_id or shown.chat_id),
            "message": message,
            "chat_instance": "1",
            "data": data,
        }
        return self.update(callback_query=query)

    def queue(self, update: dict[str, Any]) -> None:
        """For whoever polls."""
        self._updates.append(update)
        self._news.set()

    def in_thread(self, shown: Shown, user_id: int, text: str, name: str = "Ana") -> dict[str, Any]:
        """The update of words in the topic of ``shown``, or, where there are none, in answer to it."""
        message = self.message(shown.chat_id, user_id, text=text)
        message["from"] |= {"first_name": name}
        if shown.topic is not None:
            return self.update(message=message | _in_topic(shown.topic))
        return self.update(message=message | {"reply_to_message": self.as_message(shown)})

    def as_message(self, shown: Shown) -> dict[str, Any]:
        """One of our own messages, as Telegram shows it inside another."""
        return self.message(shown.chat_id, text=shown.text) | {"message_id": shown.message_id, "from": BOT}

    # What a test looks at.

    def texts(self, chat_id: int) -> list[str]:
        return [shown.text for shown in self.chats[chat_id]]

    async def until(self, enough: Callable[[], object], seconds: float = 60.0) -> None:
        try:
            async with asyncio.timeout(seconds):
                while not enough():
                    await asyncio.sleep(0.02)
        except TimeoutError:
            shown = {chat_id: self.texts(chat_id) for chat_id in self.chats}
            raise AssertionError(f"shown only {shown}, calls {dict(self.calls)}") from None

    async def shows(self, chat_id: int, text: str) -> Shown:
        """Wait until the chat shows a message that contains ``text``."""
        await self.until(lambda: any(text in shown.text for shown in self.chats[chat_id]))
        return next(shown for shown in self.chats[chat_id] if text in shown.text)

    # The Bot API.

    async def _call(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        if request.match_info["token"] != TOKEN:
            return _error(401, "Unauthorized")
        self.calls[method] += 1
        mode = self.mode  # the mood it was called in: a test that saw the call may change it while the form is read
        fields = dict(await request.post())
        answer = getattr(self, f"_do_{_snake(method)}", None)
        if answer is None:
            return _error(404, "Not Found: method not found")
        if method in (*SENDS, "editMessageText"):
            refusal = await self._misbehave(int(str(fields["chat_id"])), mode)
            if refusal is not None:
                return refusal
        response: web.Response = await answer(fields)
        if method in SENDS and mode == "accept_then_drop" and request.transport is not None:
            request.transport.close()
        return response

    async def _misbehave(self, chat_id: int, mode: str) -> web.Response | None:
        now = time.monotonic()
        if now < self.quiet_until.get(chat_id, 0):
            self.early += 1
        if chat_id in self.blocked:
            return _error(403, "Forbidden: bot was blocked by the user")
        if chat_id in self.migrated:
            moved = {"migrate_to_chat_id": self.migrated[chat_id]}
            return _error(400, "Bad Request: group chat was upgraded to a supergroup chat", moved)
        if mode == "slow":
            await asyncio.sleep(60)
        if mode == "broken":
            return _error(500, "Internal Server Error")
        is_hit = self.flooded is None or chat_id in self.flooded
        if mode == "flood" and is_hit and self._random.random() < self.flood_share:
            self.refused += 1
            self.quiet_until[chat_id] = now + self.retry_after
            words = f"Too Many Requests: retry after {self.retry_after}"
            return _error(429, words, {"retry_after": self.retry_after})
        return None

    async def _do_get_me(self, _: dict[str, Any]) -> web.Response:
        return _ok({**BOT, "can_join_groups": True, "supports_inline_queries": False})

    async def _do_get_updates(self, fields: dict[str, Any]) -> web.Response:
        if self.webhook:
            return _error(409, "Conflict: can't use getUpdates method while webhook is active")
        offset = int(fields.get("offset", 0))
        self._updates = [update for update in self._updates if update["update_id"] >= offset]
        if not self._updates:
            self._news.clear()
            try:
                await asyncio.wait_for(self._news.wait(), min(2.0, float(fields.get("timeout", 0))))
            except TimeoutError:
                return _ok([])
        return _ok(self._updates)

    async def _do_send_message(self, fields: dict[str, Any]) -> web.Response:
        if not 0 < len(fields["text"]) <= 8192:
            return _error(400, "Bad Request: message is too long")
        return self._post(fields, fields["text"], None)

    async def _do_send_photo(self, fields: dict[str, Any]) -> web.Response:
        if self.refuses_pictures:
            return _error(400, "Bad Request: PHOTO_INVALID_DIMENSIONS")
        return self._post_file(fields, "photo")

    async def _do_send_voice(self, fields: dict[str, Any]) -> web.Response:
        return self._post_file(fields, "voice")

    async def _do_send_sticker(self, fields: dict[str, Any]) -> web.Response:
        return self._post_file(fields, "sticker")

    async def _do_send_document(self, fields: dict[str, Any]) -> web.Response:
        return self._post_file(fields, "document")

    def _post_file(self, fields: dict[str, Any], kind: str) -> web.Response:
        """By the id of a file that Telegram has, or with the bytes, which another field may carry."""
        file: Any = fields.get(kind)
        if isinstance(file, str) and file.startswith("attach://"):
            file = fields.get(file.removeprefix("attach://"))
        if isinstance(file, str) and file not in self.files:
            return _error(400, "Bad Request: wrong file identifier/HTTP URL specified")
        if len(fields.get("caption", "")) > 2048:
            return _error(400, "Bad Request: message caption is too long")
        shown = (kind, file, self.files[file]) if isinstance(file, str) else (kind, file.filename, file.file.read())
        return self._post(fields, str(fields.get("caption") or ""), shown)

    def _post(self, fields: dict[str, Any], text: str, file: tuple[str, str, bytes] | None) -> web.Response:
        chat_id = int(fields["chat_id"])
        if chat_id in self.never_started:
            return _error(403, "Forbidden: bot can't initiate conversation with a user")
        topic = int(fields["message_thread_id"]) if fields.get("message_thread_id") else None
        if topic is not None and topic not in self.forums.get(chat_id, {}):
            return _error(400, "Bad Request: message thread not found")
        shown = Shown(
            message_id=next(self._message_ids),
            chat_id=chat_id,
            text=text,
            buttons=_buttons(fields),
            reply_to=json.loads(fields["reply_parameters"])["message_id"] if "reply_parameters" in fields else None,
            at=time.monotonic(),
            versions=[text],
            topic=topic,
            file=file,
        )
        self.chats[chat_id].append(shown)
        message = self.message(chat_id, text=shown.text) | {"message_id": shown.message_id, "from": BOT}
        return _ok(message | _in_topic(topic))

    async def _do_get_chat(self, fields: dict[str, Any]) -> web.Response:
        chat_id = int(fields["chat_id"])
        if chat_id > 0:
            return _error(400, "Bad Request: chat not found")
        forum = {"is_forum": True} if chat_id in self.forums else {}
        about = {
            "id": chat_id,
            "type": "supergroup",
            "title": "Support",
            "accent_color_id": 1,
            "max_reaction_count": 11,
        }
        accepts = {"accepted_gift_types": dict.fromkeys(_GIFTS, False)}
        return _ok({**about, **accepts, **forum})

    async def _do_get_chat_member(self, fields: dict[str, Any]) -> web.Response:
        user_id = int(fields["user_id"])
        if user_id == BOT["id"]:
            return _ok({"user": BOT, "status": "administrator", **dict.fromkeys(_RIGHTS, self.bot_is_admin)})
        status = "member" if user_id in self.members else "left"
        return _ok({"user": _person(user_id), "status": status})

    async def _do_create_forum_topic(self, fields: dict[str, Any]) -> web.Response:
        topic, chat_id = next(self._message_ids), int(fields["chat_id"])
        self.forums[chat_id][topic] = fields["name"]
        return _ok({"message_thread_id": topic, "name": fields["name"], "icon_color": 7322096})

    async def _do_close_forum_topic(self, fields: dict[str, Any]) -> web.Response:
        self.closed_topics.add(int(fields["message_thread_id"]))
        return _ok(True)

    async def _do_set_message_reaction(self, fields: dict[str, Any]) -> web.Response:
        where = int(fields["chat_id"]), int(fields["message_id"])
        self.reactions[where] = [one["emoji"] for one in json.loads(fields["reaction"])]
        return _ok(True)

    async def _do_edit_message_reply_markup(self, fields: dict[str, Any]) -> web.Response:
        chat_id, message_id = int(fields["chat_id"]), int(fields["message_id"])
        shown = next(one for one in self.chats[chat_id] if one.message_id == message_id)
        shown.buttons = _buttons(fields)
        return _ok(self.as_message(shown))

    async def _do_edit_message_text(self, fields: dict[str, Any]) -> web.Response:
        chat_id, message_id = int(fields["chat_id"]), int(fields["message_id"])
        for shown in self.chats[chat_id]:
            if shown.message_id == message_id:
                if (shown.text, shown.buttons) == (fields["text"], _buttons(fields)):
                    return _error(400, "Bad Request: message is not modified")
                shown.text, shown.buttons = fields["text"], _buttons(fields)
                shown.versions.append(shown.text)
                return _ok(self.message(chat_id, text=shown.text) | {"message_id": message_id, "from": BOT})
        return _error(400, "Bad Request: message to edit not found")

    async def _do_answer_callback_query(self, fields: dict[str, Any]) -> web.Response:
        self.answered[fields["callback_query_id"]] = fields.get("text")
        if "url" in fields:
            self.led_to[fields["callback_query_id"]] = fields["url"]
        return _ok(True)

    async def _do_send_chat_action(self, fields: dict[str, Any]) -> web.Response:
        self.actions[int(fields["chat_id"])] += 1
        return _ok(True)

    async def _do_get_file(self, fields: dict[str, Any]) -> web.Response:
        file_id = fields["file_id"]
        if file_id not in self.files:
            return _error(400, "Bad Request: invalid file_id")
        size = len(self.files[file_id])
        path = f"photos/{file_id}.png"
        return _ok({"file_id": file_id, "file_unique_id": "u1", "file_size": size, "file_path": path})

    async def _do_set_webhook(self, fields: dict[str, Any]) -> web.Response:
        self.webhook = {name: str(fields[name]) for name in ("url", "secret_token", "allowed_updates")}
        return _ok(True)

    async def _do_delete_webhook(self, _: dict[str, Any]) -> web.Response:
        self.webhook = {}
        return _ok(True)

    async def _do_get_webhook_info(self, _: dict[str, Any]) -> web.Response:
        waiting = len(self._updates)
        url = self.webhook.get("url", "")
        return _ok({"url": url, "has_custom_certificate": False, "pending_update_count": waiting})

    async def _do_set_my_commands(self, fields: dict[str, Any]) -> web.Response:
        scope = json.loads(fields.get("scope") or "{}")
        if scope.get("type") == "chat":
            self.chat_commands[int(scope["chat_id"])] = json.loads(fields["commands"])
        else:
            self.commands = json.loads(fields["commands"])
        return _ok(True)

    async def _do_delete_my_commands(self, fields: dict[str, Any]) -> web.Response:
        scope = json.loads(fields.get("scope") or "{}")
        if scope.get("type") == "chat":
            self.chat_commands.pop(int(scope["chat_id"]), None)
        else:
            self.commands = []
        return _ok(True)

    async def _download(self, request: web.Request) -> web.Response:
        file_id = request.match_info["path"].removeprefix("photos/").removesuffix(".png")
        return web.Response(body=self.files[file_id])


@asynccontextmanager
async def fake_telegram() -> AsyncIterator[FakeTelegram]:
    server = FakeTelegram()
    await server.start()
    try:
        yield server
    finally:
        await server.stop()


async def bring(gateway: str, update: object, secret: str | None = SECRET) -> int:
    """Call the webhook as Telegram does; returns the status."""
    headers = {} if secret is None else {"X-Telegram-Bot-Api-Secret-Token": secret}
    url = f"{gateway}/webhooks/telegram/webhook"
    async with aiohttp.ClientSession() as http, http.post(url, json=update, headers=headers) as response:
        return response.status


def _person(user_id: int) -> dict[str, Any]:
    return {
        "id": user_id,
        "is_bot": False,
        "first_name": "Maya",
        "last_name": "Lindqvist",
        "username": "maya",
        "language_code": "en",
    }


def _commands_in(text: str) -> list[dict[str, Any]]:
    if not text.startswith("/"):
        return []
    return [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}]


def _buttons(fields: dict[str, Any]) -> list[tuple[str, str]]:
    rows = json.loads(fields.get("reply_markup", "{}")).get("inline_keyboard", [])
    return [(button["text"], button.get("callback_data") or button["url"]) for row in rows for button in row]


def _in_topic(topic: int | None) -> dict[str, Any]:
    return {} if topic is None else {"message_thread_id": topic, "is_topic_message": True}


def _snake(method: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in method)


def _ok(result: object) -> web.Response:
    return web.json_response({"ok": True, "result": result})


def _error(code: int, description: str, parameters: dict[str, int] | None = None) -> web.Response:
    body: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
    if parameters:
        body["parameters"] = parameters
    return web.json_response(body, status=code)
