"""Where in Telegram a conversation is held."""

from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True)
class ChatAddress:
    """A private chat, or one person in a group: in a group everyone has a conversation, and a proof, of their own."""

    chat_id: int
    user_id: int | None = None
    topic_id: int | None = None

    def __str__(self) -> str:
        """What stands in ``conversation.address``: ``chat``, ``chat/user`` or ``chat/user/topic``."""
        return "/".join(str(part) for part in (self.chat_id, self.user_id, self.topic_id) if part is not None)

    @classmethod
    def parse(cls, address: str) -> Self:
        return cls(*(int(part) for part in address.split("/")))

    @property
    def in_group(self) -> bool:
        return self.user_id is not None

    def moved_to(self, chat_id: int) -> "ChatAddress":
        """The same person after their group became a supergroup."""
        return ChatAddress(chat_id, self.user_id, self.topic_id)
