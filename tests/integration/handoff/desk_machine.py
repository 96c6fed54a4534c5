"""A model of the desk for hypothesis: customers write, gateways take turns and die, agents claim, in any order.

After every step the database must tell one consistent story; at the end everything that was accepted has been handled.
"""

import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
)
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from handoff import (
    agents,
    customer_view,
    follow_ups,
    holder,
    inbox,
    offers,
    outbox,
    questions,
    replies,
    snoozing,
    turn_leases,
    turns,
)
from handoff.database import Database, migrate
from handoff.holder import Conflict
from handoff.inbox import Accepted, Inbound
from handoff.schema import Conversation, InboxItem, Message, Offer, OutboxItem, OwnershipChange, Ticket, TicketEvent
from handoff.transcript import MessageView
from handoff.turn_leases import Turn
from handoff.urgent_endings import UnansweredError
from tests.people import add_agent, at, bot_says

CUSTOMERS = ("maya", "omar")
AGENTS = ("Ana", "Ben")
GATEWAYS = ("gateway-1", "gateway-2")
WORDS = (
    "where is my order",
    "a person please",
    "never mind, found it",
    "hello",
    "maya@example.com",
    "yes it did",
    "no",
)


IN_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own in it, where waiting for a disk takes no time


class DeskMachine(RuleBasedStateMachine):
    """Runs on SQLite unless a subclass says otherwise."""

    turns_in_flight = Bundle("turns_in_flight")

    def __init__(self) -> None:
        super().__init__()
        self.clock = 0.0
        self.accepted: set[tuple[str, str]] = set()
        self.shown: dict[str, list[int]] = {}

    @initialize()
    def open_the_desk(self) -> None:
        self.database = self.new_database()
        self.agents = [self.database.write_now(add_agent, name) for name in AGENTS]

    def new_database(self) -> Database:
        self.folder = Path(tempfile.mkdtemp(prefix="desk", dir=IN_MEMORY if IN_MEMORY.is_dir() else None))
        shutil.copy(_migrated_file(), self.folder / "desk.db")
        return Database(f"sqlite:///{self.folder / 'desk.db'}", connections=1)

    def teardown(self) -> None:
        if hasattr(self, "database"):
            try:
                self.drain()
            finally:
                self.database.close()
                self.drop_database()

    def drop_database(self) -> None:
        shutil.rmtree(self.folder)

    @rule(seconds=st.sampled_from([0.1, 2.0, 25.0, 200.0, 90000.0]))
    def time_passes(self, seconds: float) -> None:
        self.clock += seconds

    @rule(customer=st.sampled_from(CUSTOMERS), words=st.sampled_from(WORDS), key=st.integers(0, 30))
    def a_customer_writes_or_repeats(self, customer: str, words: str, key: int) -> None:
        dedupe_key = f"{customer}-{key}"
        self.accept(customer, words, dedupe_key)

    @rule(
        target=turns_in_flight,
        customer=st.sampled_from(CUSTOMERS),
        words=st.sampled_from(WORDS),
        key=st.integers(0, 30),
        gateway=st.sampled_from(GATEWAYS),
    )
    def a_customer_writes_and_their_turn_begins_with_it(
        self, customer: str, words: str, key: int, gateway: str
    ) -> Turn | MultipleResults[Turn]:
        turn = self.accept(customer, words, f"{customer}-{key}", gateway).turn
        return multiple() if turn is None else turn

    def accept(self, customer: str, words: str, dedupe_key: str, owner: str | None = None) -> Accepted:
        self.clock += 0.1
        inbound = Inbound("web", customer, dedupe_key, words, client_id=dedupe_key)
        accepted = self.database.write_now(inbox.accept, inbound, at(self.clock), owner)
        assert accepted.duplicate == ((customer, dedupe_key) in self.accepted)
        self.accepted.add((customer, dedupe_key))
        return accepted

    @rule(target=turns_in_flight, gateway=st.sampled_from(GATEWAYS))
    def a_gateway_takes_a_turn(self, gateway: str) -> Turn | MultipleResults[Turn]:
        self.clock += 0.1
        turn = self.database.write_now(turn_leases.take, gateway, at(self.clock))
        return multiple() if turn is None else turn

    @rule(customer=st.sampled_from(CUSTOMERS), key=st.integers(100, 200))
    def a_customer_is_answered_at_once(self, customer: str, key: int) -> None:
        """The common walk, so that the rare ones begin from conversations with some life in them."""
        self.a_customer_writes_or_repeats(customer, "hello", key)
        turn = self.a_gateway_takes_a_turn("gateway-1")
        if isinstance(turn, Turn):
            self.the_bot_answers(turn, "an answer", escalates=False)

    @rule(
        turn=turns_in_flight,
        words=st.sampled_from(["", "an answer"]),
        escalates=st.booleans(),
        reason=st.sampled_from(["complaint", "safety"]),
        page_open=st.booleans(),
    )
    def the_bot_answers(
        self, turn: Turn, words: str, escalates: bool, reason: str = "complaint", page_open: bool = False
    ) -> None:
        """Also much later, and more than once: a gateway that was thought dead may wake up."""
        if turn.holder == "queue" and turn.in_queue != "question":
            return
        handoff = {"reason": reason, "evidence": []} if escalates else None
        said = [f"{words} to {turn.message_id}"] if words else []
        seen = self.shown.get(turn.conversation_id, [])
        after = (seen[-1] if seen else 0) if page_open else None
        reply = bot_says(*said, handoff=handoff)
        _, news = self.database.write_now(customer_view.answer, turn, reply, after, at(self.clock))
        if news is not None:
            self.show(turn.conversation_id, news.messages)

    @rule(customer=st.sampled_from(CUSTOMERS), key=st.integers(300, 400))
    def a_gateway_answers_again_while_it_is_at_the_next_turn(self, customer: str, key: int) -> None:
        self.a_customer_writes_or_repeats(customer, "hello", key)
        self.a_customer_writes_or_repeats(customer, "are you there", key + 1000)
        turn = self.a_gateway_takes_a_turn("gateway-1")
        if isinstance(turn, Turn):
            self.the_bot_answers(turn, "an answer", escalates=False)
            self.a_gateway_takes_a_turn("gateway-1")
            self.the_bot_answers(turn, "an answer", escalates=False)

    @rule(turn=turns_in_flight)
    def the_gateway_decides_without_the_bot(self, turn: Turn) -> None:
        self.handle_without_bot(turn)

    @rule(turn=turns_in_flight, seconds=st.sampled_from([1.0, 30.0]), tell=st.booleans())
    def the_bot_is_away(self, turn: Turn, seconds: float, tell: bool) -> None:
        if turn.holder == "bot" or turn.in_queue == "question":
            now = at(self.clock)
            self.database.write_now(turns.postpone, turn, at(self.clock + seconds), tell, now)

    @rule(customer=st.sampled_from(CUSTOMERS), agent=st.sampled_from(range(len(AGENTS))))
    def an_agent_claims(self, customer: str, agent: int) -> None:
        self.act(customer, lambda c: self.database.write_now(holder.claim, c.id, self.agents[agent], at(self.clock)))

    @rule(customer=st.sampled_from(CUSTOMERS), agent=st.sampled_from(range(len(AGENTS))), key=st.integers(0, 5))
    def an_agent_speaks(self, customer: str, agent: int, key: int) -> None:
        name = self.agents[agent]
        self.act(
            customer,
            lambda c: self.database.write_now(replies.say, c.id, name, f"{name}-{key}", "hello", at(self.clock)),
        )

    @rule(customer=st.sampled_from(CUSTOMERS), agent=st.sampled_from(range(len(AGENTS))), stale=st.booleans())
    def an_agent_hands_back(self, customer: str, agent: int, stale: bool) -> None:
        name, now = self.agents[agent], at(self.clock)
        self.act(
            customer, lambda c: self.database.write_now(holder.hand_back, c.id, name, c.epoch - stale, "done", now)
        )

    @rule(customer=st.sampled_from(CUSTOMERS), agent=st.sampled_from(range(len(AGENTS))))
    def an_agent_resolves(self, customer: str, agent: int) -> None:
        name, now = self.agents[agent], at(self.clock)
        self.act(customer, lambda c: self.database.write_now(holder.resolve, c.id, name, c.epoch, None, now))

    @rule()
    def follow_ups_are_asked(self) -> None:
        for follow_up_id in self.database.read_now(follow_ups.due, at(self.clock)):
            self.database.write_now(follow_ups.ask, follow_up_id, at(self.clock))

    @rule(
        customer=st.sampled_from(CUSTOMERS),
        words=st.sampled_from(["yes it did", "no", "1", "2"]),
        key=st.integers(500, 600),
    )
    def a_customer_is_helped_and_says_how_it_went(self, customer: str, words: str, key: int) -> None:
        """The common walk through a hand-back."""
        self.a_customer_writes_or_repeats(customer, "a person please", key)
        turn = self.a_gateway_takes_a_turn("gateway-1")
        if isinstance(turn, Turn):
            self.handle_without_bot(turn)
        self.an_agent_claims(customer, 0)
        self.an_agent_speaks(customer, 0, 7)
        self.an_agent_hands_back(customer, 0, stale=False)
        turn = self.a_gateway_takes_a_turn("gateway-1")
        if isinstance(turn, Turn):
            self.the_bot_answers(turn, "an answer", escalates=False)
        self.clock += 90000
        self.follow_ups_are_asked()
        self.a_customer_writes_or_repeats(customer, words, key + 1000)

    @rule(customer=st.sampled_from(CUSTOMERS), to=st.sampled_from([None, 0, 1]))
    def the_agent_passes_it_on(self, customer: str, to: int | None) -> None:
        target, now = None if to is None else self.agents[to], at(self.clock)
        self.act(
            customer,
            lambda c: self.database.write_now(holder.transfer, c.id, c.agent_id or "-", c.epoch, target, None, now),
        )

    @rule(customer=st.sampled_from(CUSTOMERS), team=st.sampled_from(["billing", "lang-de"]))
    def the_agent_passes_it_on_to_a_team(self, customer: str, team: str) -> None:
        now = at(self.clock)
        self.act(
            customer,
            lambda c: self.database.write_now(
                holder.transfer_to_team, c.id, c.agent_id or "-", c.epoch, team, "see above", now
            ),
        )

    @rule(customer=st.sampled_from(CUSTOMERS), stale=st.booleans(), seconds=st.sampled_from([1.0, 100.0, 5000.0]))
    def the_agent_snoozes_it(self, customer: str, stale: bool, seconds: float) -> None:
        until, now = at(self.clock + seconds), at(self.clock)
        self.act(
            customer,
            lambda c: self.database.write_now(
                snoozing.snooze, c.id, c.agent_id or "-", c.epoch - stale, until, None, now
            ),
        )

    @rule(customer=st.sampled_from(CUSTOMERS))
    def the_agent_takes_it_up_again(self, customer: str) -> None:
        now = at(self.clock)
        self.act(customer, lambda c: self.database.write_now(snoozing.wake, c.id, c.agent_id or "-", c.epoch, now))

    @rule()
    def snoozes_are_checked(self) -> None:
        for conversation_id in self.database.read_now(snoozing.due, at(self.clock)):
            self.database.write_now(snoozing.end, conversation_id, at(self.clock))

    @rule()
    def leases_are_checked(self) -> None:
        self.database.write_now(holder.expire_leases, at(self.clock))

    @rule()
    def an_offer_is_made(self) -> None:
        self.database.write_now(offers.make, at(self.clock))

    @rule()
    def offers_are_checked(self) -> None:
        for conversation_id in self.database.read_now(offers.overdue, at(self.clock)):
            ignored_by = self.database.write_now(offers.withdraw, conversation_id, at(self.clock))
            if ignored_by is not None:
                self.database.write_now(offers.set_away_if_absent, ignored_by, at(self.clock))

    @rule(agent=st.sampled_from(range(len(AGENTS))), present=st.booleans())
    def an_agent_comes_or_goes(self, agent: int, present: bool) -> None:
        self.database.write_now(agents.set_present, self.agents[agent], present, at(self.clock))

    @rule(customer=st.sampled_from(CUSTOMERS))
    def the_page_is_fed(self, customer: str) -> None:
        self.act(customer, self.feed)

    @invariant()
    def the_story_is_consistent(self) -> None:
        if hasattr(self, "database"):
            self.database.read_now(check_story)
            self.database.read_now(self.nothing_shown_was_taken_back)

    def nothing_shown_was_taken_back(self, session: Session) -> None:
        taken_back = select(OutboxItem.conversation_id, OutboxItem.seq).where(OutboxItem.state == "cancelled")
        for conversation_id, seq in session.execute(taken_back):
            assert seq not in self.shown.get(conversation_id, []), "words that a page has shown were taken back"

    def feed(self, conversation: Conversation) -> None:
        seen = self.shown.get(conversation.id, [])
        self.show(
            conversation.id,
            self.database.write_now(outbox.feed, conversation.id, seen[-1] if seen else 0, at(self.clock)),
        )

    def show(self, conversation_id: str, news: list[MessageView]) -> None:
        seen = self.shown.setdefault(conversation_id, [])
        seen.extend(message["seq"] for message in news)
        assert seen == sorted(set(seen)), "a page saw something twice or out of order"
        if news:
            self.database.write_now(outbox.all_shown, {conversation_id: seen[-1]}, at(self.clock))

    def act(self, customer: str, action: Callable[[Conversation], object]) -> None:
        conversation = self.database.read_now(
            lambda session: session.scalar(select(Conversation).where(Conversation.address == customer))
        )
        if conversation is None:
            return
        with suppress(Conflict, replies.IdTaken, UnansweredError):
            action(conversation)

    @rule(turn=turns_in_flight)
    def the_end_of_a_turn_is_lost(self, turn: Turn) -> None:
        self.database.write_now(turns.let_go, turn, at(self.clock))

    def handle_without_bot(self, turn: Turn) -> None:
        now = at(self.clock)
        if turn.holder == "queue":
            self.database.write_now(turns.give_to_queue, turn, now)
        else:
            self.database.write_now(turns.hand_to_queue, turn, "asked", [], "customer", now)

    def drain(self) -> None:
        """With the bot back and time passing, nothing that was accepted stays unhandled."""
        self.clock += 1000
        for _ in range(len(self.accepted) * 2 + 20):
            self.clock += 1
            turn = self.database.write_now(turn_leases.take, "gateway-3", at(self.clock))
            if turn is None:
                break
            if turn.holder == "bot" and not turn.asks_for_person:
                reply = bot_says(f"an answer to {turn.message_id}")
                self.database.write_now(turns.answer, turn, reply, at(self.clock))
            else:
                self.handle_without_bot(turn)
        self.database.read_now(check_story)
        waiting = self.database.read_now(
            lambda s: s.scalars(select(InboxItem.id).where(InboxItem.state == "waiting")).all()
        )
        assert not waiting, "messages were left without an outcome"


@cache
def _migrated_file() -> Path:
    """An empty database, made once: a story begins with a copy of it."""
    file = Path(tempfile.mkdtemp(prefix="desk")) / "empty.db"
    migrate(f"sqlite:///{file}")
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return file


@dataclass(frozen=True)
class Story:
    """Everything that is known of one conversation, each list in its own order."""

    conversation: Conversation
    messages: list[Message]
    inbox: list[InboxItem]
    outbox: list[OutboxItem]
    ownership: list[OwnershipChange]
    tickets: list[Ticket]


def check_story(session: Session) -> None:
    _check_offers(session)
    told = [
        _by_conversation(session, select(Message).order_by(Message.seq)),
        _by_conversation(session, select(InboxItem).order_by(InboxItem.seq)),
        _by_conversation(session, select(OutboxItem).order_by(OutboxItem.seq)),
        _by_conversation(session, select(OwnershipChange).order_by(OwnershipChange.epoch)),
        _by_conversation(session, select(Ticket).order_by(Ticket.id)),
    ]
    for conversation in session.scalars(select(Conversation)):
        story = Story(conversation, *(rows.get(conversation.id, []) for rows in told))
        _check_holder(story)
        _check_urgent_endings(story)
        _check_snooze(session, story)
        _check_transcript(story)
        _check_inbox(story)
        _check_outbox(story)


def _by_conversation(session: Session, query: Select[Any]) -> dict[str, list[Any]]:
    rows: dict[str, list[Any]] = {}
    for row in session.scalars(query):
        rows.setdefault(row.conversation_id, []).append(row)
    return rows


def _check_holder(story: Story) -> None:
    conversation = story.conversation
    open_tickets = [ticket for ticket in story.tickets if ticket.state in ("queued", "claimed")]
    expected = {"bot": [], "closed": [], "queue": ["queued"], "agent": ["claimed"]}[conversation.holder]
    assert [ticket.state for ticket in open_tickets] == expected
    assert (conversation.agent_id is not None) == (conversation.holder == "agent")
    assert all(ticket.agent_id == conversation.agent_id for ticket in open_tickets)
    assert [row.epoch for row in story.ownership] == list(range(1, conversation.epoch + 1))
    holders = ["bot", *(row.holder_after for row in story.ownership)]
    assert [row.holder_before for row in story.ownership] == holders[:-1]
    assert holders[-1] == conversation.holder


def _check_urgent_endings(story: Story) -> None:
    resolved = [ticket for ticket in story.tickets if ticket.state == "resolved" and ticket.reason == "safety"]
    assert all(ticket.first_reply_at for ticket in resolved), "what is urgent was closed without a word"


def _check_snooze(session: Session, story: Story) -> None:
    conversation = story.conversation
    running = [ticket for ticket in story.tickets if ticket.lease_until is not None]
    paused = [ticket for ticket in story.tickets if ticket.lease_left_seconds is not None]
    if conversation.snoozed_until is None:
        assert conversation.snooze_note is None
        assert not paused, "a lease stands still, and nothing will set it going again"
    else:
        assert conversation.holder == "agent", "what nobody holds is set aside"
        assert not running, "a lease runs on while the conversation is set aside"
        said = [row for row in story.messages if row.author == "customer"]
        snoozed_at = _snoozed_at(session, story)
        assert all(row.at <= snoozed_at for row in said), "the customer wrote and nobody looks"


def _snoozed_at(session: Session, story: Story) -> datetime:
    mine = TicketEvent.ticket_id.in_([ticket.id for ticket in story.tickets])
    return session.scalars(select(func.max(TicketEvent.at)).where(mine, TicketEvent.kind == "snoozed")).one()


def _check_offers(session: Session) -> None:
    query = select(Offer.ticket_id, Ticket.state).join(Ticket).where(Offer.state == "open")
    held_out = session.execute(query).all()
    assert all(state == "queued" for _, state in held_out), "somebody is offered what is not to be had"
    assert len({ticket_id for ticket_id, _ in held_out}) == len(held_out)


def _check_transcript(story: Story) -> None:
    assert [row.seq for row in story.messages] == list(range(1, story.conversation.last_seq + 1))
    answers = Counter(row.text for row in story.messages if row.author == "bot")
    assert not answers or max(answers.values()) == 1, "a message was answered twice"
    for before, after in pairwise(story.messages):
        assert before.case_no <= after.case_no, "an old case went on after a new one"


def _check_inbox(story: Story) -> None:
    waiting = [item for item in story.inbox if item.state == "waiting"]
    assert bool(waiting) == (story.conversation.turn_due is not None), "a waiting message that nobody would look for"
    if story.conversation.holder == "agent":
        assert not waiting, "a message of an agent's conversation waits for the bot"
    # An answer to a question of the desk's own needs no turn: it may overtake what waits for the bot.
    turns_taken = [item for item in story.inbox if item.payload is None or not questions.is_answer(item.payload)]
    done = [item.state == "done" for item in turns_taken]
    assert done == sorted(done, reverse=True), "a message was handled before an earlier one"
    for item in story.inbox:
        assert (item.outcome is not None) == (item.state == "done")
    silent = [item for item in story.inbox if item.outcome == "escalated" and not _receipt_after(story, item)]
    assert not silent, "a handoff without a receipt"


def _receipt_after(story: Story, item: InboxItem) -> bool:
    return any(row.seq > item.seq and row.author == "system" and row.handoff for row in story.messages)


def _check_outbox(story: Story) -> None:
    assert {item.seq for item in story.outbox} == {row.seq for row in story.messages if row.author != "customer"}
    states = [item.state for item in story.outbox if item.state != "cancelled"]
    assert states == sorted(states, key=["sent", "sending", "pending"].index), "a reply overtook another"
    held_by_agent = {row.epoch for row in story.ownership if row.holder_after == "agent"}
    for item in story.outbox:
        if item.state == "cancelled":
            assert item.author == "bot", "a person's words or a receipt were taken back"
        if item.author == "bot":
            assert item.epoch not in held_by_agent, "the bot spoke while an agent held the conversation"
            assert item.state != "pending" or story.conversation.holder != "agent", "the bot talks over an agent"
