"""A desk of two agents on a clock of its own: what the rules of :mod:`desk_machine` act on, and what must be so after each."""

import shutil
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant
from sqlalchemy import select
from sqlalchemy.orm import Session

from handoff import inbox, outbox, replies, turn_leases, turns
from handoff.database import Database
from handoff.inbox import Accepted, Inbound
from handoff.ownership import Conflict
from handoff.schema import Conversation, InboxItem, OutboxItem
from handoff.transcript import MessageView
from handoff.turn_leases import Turn
from handoff.urgent_endings import UnansweredError
from tests.databases import new_sqlite_database, quick_folder
from tests.integration.handoff.desk_story import check_story
from tests.people import add_agent, at, bot_says

AGENTS = ("Ana", "Ben")


class DeskAtWork(RuleBasedStateMachine):
    """Runs on SQLite unless a subclass says otherwise."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = 0.0
        """Seconds since the desk opened."""
        self.accepted: set[tuple[str, str]] = set()
        """Customer and key of each message that was sent."""
        self.shown: dict[str, list[int]] = {}
        """What each conversation's page has seen, by its sequence numbers."""

    @property
    def now(self) -> datetime:
        return at(self.clock)

    @initialize()
    def open_the_desk(self) -> None:
        self.database = self.new_database()
        self.agents = [self.database.write_now(add_agent, name) for name in AGENTS]

    def new_database(self) -> Database:
        self.folder = quick_folder()
        return Database(new_sqlite_database(self.folder), connections=1)

    def drop_database(self) -> None:
        shutil.rmtree(self.folder)

    def teardown(self) -> None:
        if hasattr(self, "database"):
            try:
                self.drain()
            finally:
                self.database.close()
                self.drop_database()

    @invariant()
    def the_story_is_consistent(self) -> None:
        if hasattr(self, "database"):
            self.database.read_now(check_story)
            self.database.read_now(self.nothing_shown_was_taken_back)

    def nothing_shown_was_taken_back(self, session: Session) -> None:
        taken_back = select(OutboxItem.conversation_id, OutboxItem.seq).where(OutboxItem.state == "cancelled")
        for conversation_id, seq in session.execute(taken_back):
            assert seq not in self.shown.get(conversation_id, []), "words that a page has shown were taken back"

    def accept(self, customer: str, words: str, dedupe_key: str, owner: str | None = None) -> Accepted:
        self.clock += 0.1
        inbound = Inbound("web", customer, dedupe_key, words, client_id=dedupe_key)
        accepted = self.database.write_now(inbox.accept, inbound, self.now, owner)
        assert accepted.duplicate == ((customer, dedupe_key) in self.accepted)
        self.accepted.add((customer, dedupe_key))
        return accepted

    def handle_without_bot(self, turn: Turn) -> None:
        if turn.holder == "queue":
            self.database.write_now(turns.give_to_queue, turn, self.now)
        else:
            self.database.write_now(turns.hand_to_queue, turn, "asked", [], "customer", self.now)

    def act(self, customer: str, action: Callable[[Session, Conversation], object]) -> None:
        """Do something to the customer's conversation, if there is one; what the desk refuses is no failure."""
        conversation = self.conversation_of(customer)
        if conversation is None:
            return
        with suppress(Conflict, replies.IdTaken, UnansweredError):
            self.database.write_now(action, conversation)

    def conversation_of(self, customer: str) -> Conversation | None:
        return self.database.read_now(
            lambda session: session.scalar(select(Conversation).where(Conversation.address == customer))
        )

    def last_shown(self, conversation_id: str) -> int:
        return max(self.shown.get(conversation_id, []), default=0)

    def show(self, conversation_id: str, news: list[MessageView]) -> None:
        seen = self.shown.setdefault(conversation_id, [])
        seen.extend(message["seq"] for message in news)
        assert seen == sorted(set(seen)), "a page saw something twice or out of order"
        if news:
            self.database.write_now(outbox.all_shown, {conversation_id: seen[-1]}, self.now)

    def drain(self) -> None:
        """With the bot back and time passing, nothing that was accepted stays unhandled."""
        self.clock += 1000
        for _ in range(len(self.accepted) * 2 + 20):
            self.clock += 1
            turn = self.database.write_now(turn_leases.take, "gateway-3", self.now)
            if turn is None:
                break
            if turn.holder == "bot" and not turn.asks_for_person:
                reply = bot_says(f"an answer to {turn.message_id}")
                self.database.write_now(turns.answer, turn, reply, self.now)
            else:
                self.handle_without_bot(turn)
        self.database.read_now(check_story)
        waiting = self.database.read_now(
            lambda s: s.scalars(select(InboxItem.id).where(InboxItem.state == "waiting")).all()
        )
        assert not waiting, "messages were left without an outcome"
