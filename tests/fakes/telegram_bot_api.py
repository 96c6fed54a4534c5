"""The Bot API of the tests' Telegram: a function a method, named as Telegram names it."""

import asyncio
import json
import time
from typing import Any

from aiohttp import web

from tests.fakes.telegram_answers import error, ok
from tests.fakes.telegram_chats import BOT, Shown
from tests.fakes.telegram_happenings import Happenings, in_topic, person

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


class BotApi(Happenings):
    async def answer(self, method: str, fields: dict[str, Any]) -> web.Response:
        do = getattr(self, f"_do_{_snake(method)}", None)
        if do is None:
            return error(404, "Not Found: method not found")
        answer: web.Response = await do(fields)
        return answer

    async def _do_get_me(self, _: dict[str, Any]) -> web.Response:
        return ok({**BOT, "can_join_groups": True, "supports_inline_queries": False})

    async def _do_get_updates(self, fields: dict[str, Any]) -> web.Response:
        if self.webhook:
            return error(409, "Conflict: can't use getUpdates method while webhook is active")
        offset = int(fields.get("offset", 0))
        self._updates = [update for update in self._updates if update["update_id"] >= offset]
        if not self._updates:
            self._news.clear()
            try:
                await asyncio.wait_for(self._news.wait(), min(2.0, float(fields.get("timeout", 0))))
            except TimeoutError:
                return ok([])
        return ok(self._updates)

    async def _do_send_message(self, fields: dict[str, Any]) -> web.Response:
        if not 0 < len(fields["text"]) <= 8192:
            return error(400, "Bad Request: message is too long")
        return self._post(fields, fields["text"], None)

    async def _do_send_photo(self, fields: dict[str, Any]) -> web.Response:
        if self.refuses_pictures:
            return error(400, "Bad Request: PHOTO_INVALID_DIMENSIONS")
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
            return error(400, "Bad Request: wrong file identifier/HTTP URL specified")
        if len(fields.get("caption", "")) > 2048:
            return error(400, "Bad Request: message caption is too long")
        shown = (kind, file, self.files[file]) if isinstance(file, str) else (kind, file.filename, file.file.read())
        return self._post(fields, str(fields.get("caption") or ""), shown)

    def _post(self, fields: dict[str, Any], text: str, file: tuple[str, str, bytes] | None) -> web.Response:
        chat_id = int(fields["chat_id"])
        if chat_id in self.never_started:
            return error(403, "Forbidden: bot can't initiate conversation with a user")
        topic = int(fields["message_thread_id"]) if fields.get("message_thread_id") else None
        if topic is not None and topic not in self.forums.get(chat_id, {}):
            return error(400, "Bad Request: message thread not found")
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
        return ok(message | in_topic(topic))

    async def _do_get_chat(self, fields: dict[str, Any]) -> web.Response:
        chat_id = int(fields["chat_id"])
        if chat_id > 0:
            return error(400, "Bad Request: chat not found")
        forum = {"is_forum": True} if chat_id in self.forums else {}
        about = {
            "id": chat_id,
            "type": "supergroup",
            "title": "Support",
            "accent_color_id": 1,
            "max_reaction_count": 11,
        }
        accepts = {"accepted_gift_types": dict.fromkeys(_GIFTS, False)}
        return ok({**about, **accepts, **forum})

    async def _do_get_chat_member(self, fields: dict[str, Any]) -> web.Response:
        user_id = int(fields["user_id"])
        if user_id == BOT["id"]:
            return ok({"user": BOT, "status": "administrator", **dict.fromkeys(_RIGHTS, self.bot_is_admin)})
        status = "member" if user_id in self.members else "left"
        return ok({"user": person(user_id), "status": status})

    async def _do_create_forum_topic(self, fields: dict[str, Any]) -> web.Response:
        topic, chat_id = next(self._message_ids), int(fields["chat_id"])
        self.forums[chat_id][topic] = fields["name"]
        return ok({"message_thread_id": topic, "name": fields["name"], "icon_color": 7322096})

    async def _do_close_forum_topic(self, fields: dict[str, Any]) -> web.Response:
        self.closed_topics.add(int(fields["message_thread_id"]))
        return ok(True)

    async def _do_set_message_reaction(self, fields: dict[str, Any]) -> web.Response:
        where = int(fields["chat_id"]), int(fields["message_id"])
        self.reactions[where] = [one["emoji"] for one in json.loads(fields["reaction"])]
        return ok(True)

    async def _do_edit_message_reply_markup(self, fields: dict[str, Any]) -> web.Response:
        chat_id, message_id = int(fields["chat_id"]), int(fields["message_id"])
        shown = next(one for one in self.chats[chat_id] if one.message_id == message_id)
        shown.buttons = _buttons(fields)
        return ok(self.as_message(shown))

    async def _do_edit_message_text(self, fields: dict[str, Any]) -> web.Response:
        chat_id, message_id = int(fields["chat_id"]), int(fields["message_id"])
        for shown in self.chats[chat_id]:
            if shown.message_id == message_id:
                if (shown.text, shown.buttons) == (fields["text"], _buttons(fields)):
                    return error(400, "Bad Request: message is not modified")
                shown.text, shown.buttons = fields["text"], _buttons(fields)
                shown.versions.append(shown.text)
                return ok(self.message(chat_id, text=shown.text) | {"message_id": message_id, "from": BOT})
        return error(400, "Bad Request: message to edit not found")

    async def _do_answer_callback_query(self, fields: dict[str, Any]) -> web.Response:
        self.answered[fields["callback_query_id"]] = fields.get("text")
        if "url" in fields:
            self.led_to[fields["callback_query_id"]] = fields["url"]
        return ok(True)

    async def _do_send_chat_action(self, fields: dict[str, Any]) -> web.Response:
        self.actions[int(fields["chat_id"])] += 1
        return ok(True)

    async def _do_get_file(self, fields: dict[str, Any]) -> web.Response:
        file_id = fields["file_id"]
        if file_id not in self.files:
            return error(400, "Bad Request: invalid file_id")
        size = len(self.files[file_id])
        path = f"photos/{file_id}.png"
        return ok({"file_id": file_id, "file_unique_id": "u1", "file_size": size, "file_path": path})

    async def _do_set_webhook(self, fields: dict[str, Any]) -> web.Response:
        self.webhook = {name: str(fields[name]) for name in ("url", "secret_token", "allowed_updates")}
        return ok(True)

    async def _do_delete_webhook(self, _: dict[str, Any]) -> web.Response:
        self.webhook = {}
        return ok(True)

    async def _do_get_webhook_info(self, _: dict[str, Any]) -> web.Response:
        waiting = len(self._updates)
        url = self.webhook.get("url", "")
        return ok({"url": url, "has_custom_certificate": False, "pending_update_count": waiting})

    async def _do_set_my_commands(self, fields: dict[str, Any]) -> web.Response:
        scope = json.loads(fields.get("scope") or "{}")
        if scope.get("type") == "chat":
            self.chat_commands[int(scope["chat_id"])] = json.loads(fields["commands"])
        else:
            self.commands = json.loads(fields["commands"])
        return ok(True)

    async def _do_delete_my_commands(self, fields: dict[str, Any]) -> web.Response:
        scope = json.loads(fields.get("scope") or "{}")
        if scope.get("type") == "chat":
            self.chat_commands.pop(int(scope["chat_id"]), None)
        else:
            self.commands = []
        return ok(True)


def _buttons(fields: dict[str, Any]) -> list[tuple[str, str]]:
    rows = json.loads(fields.get("reply_markup", "{}")).get("inline_keyboard", [])
    return [(button["text"], button.get("callback_data") or button["url"]) for row in rows for button in row]


def _snake(method: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in method)
