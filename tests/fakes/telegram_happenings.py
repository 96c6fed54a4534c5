"""What people do in the tests' Telegram, as the updates of its Bot API."""

import time
from typing import Any

from tests.fakes.telegram_chats import BOT, Chats, Shown


class Happenings(Chats):
    def text(self, chat_id: int, text: str, **more: Any) -> dict[str, Any]:
        """The update of a private message."""
        return self.update(message=self.message(chat_id, text=text, entities=_commands_in(text), **more))

    def message(self, chat_id: int, user_id: int | None = None, **content: Any) -> dict[str, Any]:
        kind = "private" if chat_id > 0 else "supergroup"
        chat: dict[str, Any] = {"id": chat_id, "type": kind}
        chat |= {"first_name": "Maya"} if chat_id > 0 else {"title": "Housemates"}
        return {
            "message_id": next(self._message_ids),
            "from": person(user_id or chat_id),
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
        message |= in_topic(shown.topic)
        query = {
            "id": f"q{next(self._message_ids)}",
            "from": person(user_id or shown.chat_id),
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
            return self.update(message=message | in_topic(shown.topic))
        return self.update(message=message | {"reply_to_message": self.as_message(shown)})

    def as_message(self, shown: Shown) -> dict[str, Any]:
        """One of our own messages, as Telegram shows it inside another."""
        return self.message(shown.chat_id, text=shown.text) | {"message_id": shown.message_id, "from": BOT}


def person(user_id: int) -> dict[str, Any]:
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


def in_topic(topic: int | None) -> dict[str, Any]:
    return {} if topic is None else {"message_thread_id": topic, "is_topic_message": True}
