"""What the database tells of each conversation, and that it is one consistent story."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from handoff import questions
from handoff.schema import Conversation, InboxItem, Message, Offer, OutboxItem, OwnershipChange, Ticket, TicketEvent


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
        assert conversation.holder == "agent", "what nobody holds is snoozed"
        assert not running, "a lease runs on while the conversation is snoozed"
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
