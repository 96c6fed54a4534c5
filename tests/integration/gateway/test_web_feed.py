"""What open tabs are sent, when tabs come, go and move at the wrong moment."""

import asyncio
from collections.abc import Callable
from typing import Any

from connectors.gateway.bus import Hint
from connectors.gateway.customer_files import FileLinks
from connectors.web.connections import Connection, Connections
from connectors.web.feed import Feed
from connectors.web.renewals import Renewals
from connectors.web.session_ids import SessionIds
from handoff import customer_view
from handoff.conversations import locked
from handoff.database import Database
from handoff.outbound import Reply, send
from tests.people import at, bot_says, take, write_in


class Sockets:
    """Collects what is emitted instead of sending it; ``meanwhile`` happens just before the first frame leaves."""

    def __init__(self) -> None:
        self.sent: dict[str, list[int]] = {}
        self.meanwhile: Callable[[], None] = lambda: None

    async def emit(self, event: str, frame: dict[str, Any], to: str) -> None:
        meanwhile, self.meanwhile = self.meanwhile, lambda: None
        meanwhile()
        if event != "session_state":
            self.sent.setdefault(to, []).append(frame["metadata"]["seq"] if event == "bot_uttered" else frame["seq"])


class Interrupted(Database):
    """Something happens while the feed reads."""

    meanwhile: Callable[[], None] = staticmethod(lambda: None)
    looks = 0

    async def read(self, *args: Any, **kwargs: Any) -> Any:
        self.looks += 1
        found = await super().read(*args, **kwargs)
        self.meanwhile()
        return found


class Chat:
    """Maya's conversation of a few lines, and the feed of its tabs."""

    def __init__(self, url: str, replies: int) -> None:
        self.database = Interrupted(url)
        self.sockets = Sockets()
        self.connections = Connections()
        renewals = Renewals(self.sockets, self.database, self.connections, SessionIds("key"))
        links = FileLinks("key", "https://desk.example")
        self.feed = Feed(self.sockets, self.database, self.connections, renewals, links)
        self.id = write_in(self.database, "hello", "m1").conversation_id
        self.database.write_now(self._reply, replies)
        self.last_seq = replies + 1

    def _reply(self, session: Any, replies: int) -> None:
        conversation = locked(session, self.id)
        for number in range(replies):
            send(session, conversation, Reply(f"line {number}", author="system"), at(1))

    def open_tab(self, sid: str, cursor: int = 0) -> Connection:
        tab = self.connections.add(sid, "10.0.0.1")
        self.connections.bind(tab, "secret", "maya", self.id)
        tab.cursor = cursor
        self.feed.refresh(self.id)
        return tab

    def answered(self, words: str) -> Hint:
        """Maya wrote again, and the bot has answered all: what the dispatcher then makes known."""
        write_in(self.database, "one more thing", "m2", 2)
        self.answer("Hello.", 3)
        return self.answer(words, 4)

    def answer(self, words: str, seconds: float) -> Hint:
        turn, after = take(self.database, seconds), self.feed.page_at(self.id)
        _, news = self.database.write_now(customer_view.answer, turn, bot_says(words), after, at(seconds))
        return Hint("changed", self.id, {"turn": "answered"}, news)

    async def caught_up(self) -> None:
        """Until nothing is left to send."""
        while self.feed._tasks:
            await asyncio.gather(*self.feed._tasks)

    async def settle(self) -> int:
        """The same, for good. Returns after which message a client without a place of its own is resumed."""
        await self.caught_up()
        await self.feed.stop()
        resumed_after = self.database.read_now(customer_view.resume_after, self.id)
        self.database.close()
        return resumed_after


async def test_a_tab_that_is_far_behind_gets_everything(database_url: str) -> None:
    chat = Chat(database_url, replies=1200)
    chat.open_tab("tab")
    await chat.settle()
    assert chat.sockets.sent["tab"] == list(range(1, 1202))


async def test_a_tab_that_opens_while_another_is_fed_misses_nothing(database_url: str) -> None:
    chat = Chat(database_url, replies=4)

    def a_second_tab_opens() -> None:
        chat.database.meanwhile = lambda: None
        chat.open_tab("second")

    chat.database.meanwhile = a_second_tab_opens
    chat.open_tab("first", cursor=3)
    await chat.settle()
    assert chat.sockets.sent == {"first": [4, 5], "second": [1, 2, 3, 4, 5]}


async def test_a_tab_that_begins_again_while_it_is_fed_misses_nothing(database_url: str) -> None:
    chat = Chat(database_url, replies=4)
    tab = chat.open_tab("tab", cursor=2)

    def it_asks_from_the_start() -> None:
        tab.cursor = 0
        chat.feed.refresh(chat.id)

    chat.sockets.meanwhile = it_asks_from_the_start
    await chat.settle()
    assert chat.sockets.sent["tab"] == [3, 1, 2, 3, 4, 5]


async def test_a_tab_that_turned_to_another_chat_hears_nothing_more_of_this_one(database_url: str) -> None:
    chat = Chat(database_url, replies=4)
    tab = chat.open_tab("tab")
    chat.sockets.meanwhile = lambda: chat.connections.bind(tab, "another secret", "omar", None)
    await chat.settle()
    assert chat.sockets.sent["tab"] == [1]


async def test_what_no_tab_was_there_to_hear_still_counts_as_unsent(database_url: str) -> None:
    chat = Chat(database_url, replies=2)
    chat.database.meanwhile = lambda: chat.connections.remove("tab") and None
    chat.open_tab("tab")
    assert await chat.settle() == 1


async def test_what_a_tab_was_sent_counts_as_sent(database_url: str) -> None:
    chat = Chat(database_url, replies=2)
    chat.open_tab("tab")
    assert await chat.settle() == chat.last_seq


async def test_a_tab_is_not_told_its_own_words_and_does_not_remember_them_for_ever(database_url: str) -> None:
    chat = Chat(database_url, replies=2)
    tab = chat.open_tab("tab")
    tab.own_ids.add("m1")
    await chat.settle()
    assert chat.sockets.sent["tab"] == [2, 3]
    assert tab.own_ids == set()


async def test_an_answer_is_shown_to_open_tabs_without_another_look(database_url: str) -> None:
    chat = Chat(database_url, replies=1)
    chat.open_tab("first")
    chat.open_tab("second")
    await chat.caught_up()
    looks = chat.database.looks
    chat.feed.on_hint(chat.answered("Here you are."))
    await chat.caught_up()
    assert chat.database.looks == looks
    assert chat.sockets.sent == {"first": [1, 2, 3, 4, 5], "second": [1, 2, 3, 4, 5]}
    assert await chat.settle() == 5


async def test_an_answer_that_comes_while_a_tab_is_fed_is_not_missed(database_url: str) -> None:
    chat = Chat(database_url, replies=2)
    tab = chat.open_tab("tab", cursor=1)

    def the_bot_answers() -> None:
        chat.database.meanwhile = lambda: None
        chat.feed.on_hint(chat.answered("Here you are."))

    chat.database.meanwhile = the_bot_answers
    assert await chat.settle() == tab.cursor
    assert chat.sockets.sent["tab"] == [2, 3, 4, 5, 6]


async def test_a_tab_that_opens_behind_an_answer_gets_what_came_before_it_first(database_url: str) -> None:
    chat = Chat(database_url, replies=2)
    chat.open_tab("first")
    await chat.caught_up()
    answered = chat.answered("Here you are.")
    chat.feed.on_hint(answered)
    chat.open_tab("second")
    await chat.settle()
    assert chat.sockets.sent == {"first": [1, 2, 3, 4, 5, 6], "second": [1, 2, 3, 4, 5, 6]}


async def test_ones_own_words_need_no_look_unless_another_tab_is_open(database_url: str) -> None:
    chat = Chat(database_url, replies=1)
    tab = chat.open_tab("first")
    await chat.caught_up()
    looks = chat.database.looks

    def maya_writes(key: str) -> None:
        tab.own_ids.add(key)
        seq = write_in(chat.database, "and this", key, 2).seq
        chat.feed.said(tab, chat.id, seq, key)
        chat.feed.on_hint(Hint("changed", chat.id, {"turn": "waits", "seq": seq}))

    maya_writes("m2")
    await chat.caught_up()
    assert (chat.database.looks, tab.cursor, tab.own_ids) == (looks, 3, set())
    second = chat.open_tab("second", cursor=3)
    await chat.caught_up()
    maya_writes("m3")
    await chat.settle()
    assert chat.sockets.sent == {"first": [1, 2], "second": [4]}
    assert (tab.cursor, second.cursor) == (4, 4)


async def test_ones_own_words_wait_for_what_is_still_on_its_way(database_url: str) -> None:
    chat = Chat(database_url, replies=2)
    tab = chat.open_tab("tab", cursor=2)

    def maya_writes() -> None:
        tab.own_ids.add("m2")
        seq = write_in(chat.database, "and this", "m2", 2).seq
        chat.feed.said(tab, chat.id, seq, "m2")
        chat.feed.on_hint(Hint("changed", chat.id, {"turn": "waits", "seq": seq}))

    chat.sockets.meanwhile = maya_writes
    await chat.settle()
    assert chat.sockets.sent["tab"] == [3]
    assert (tab.cursor, tab.own_ids) == (4, set())
