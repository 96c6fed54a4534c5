"""Conversations: the lists, and one of them with everything an agent needs beside it."""

from typing import Any

from pydantic import BaseModel, Field
from sqlalchemy import Select
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from connectors.gateway.api.route import Call, Fields, Routes, Words
from connectors.gateway.orders import OrdersUnavailableError
from handoff import access, agents, history, listing, notes, searching, summaries
from handoff.brief import BriefView, OrderView, brief, with_orders
from handoff.history import HistoryView
from handoff.notes import NoteView
from handoff.schema import Agent, Conversation
from handoff.summaries import CountsView, Holder, SummaryView, TicketView
from handoff.transcript import MessageView, iso, latest_messages

routes = Routes()

MESSAGES_SHOWN = 500


class ListQuery(Fields):
    holder: Holder | None = None
    mine: bool = False
    snoozed: bool = False
    q: Words | None = Field(default=None, min_length=searching.SHORTEST, max_length=searching.LONGEST)
    limit: int = Field(default=50, ge=1, le=100)
    cursor: Words | None = Field(default=None, max_length=300)


class ConversationsAnswer(BaseModel):
    conversations: list[SummaryView]
    next_cursor: str | None
    counts: CountsView
    looked_through: int | None = None
    """Of a search: it covered only this many of the latest conversations."""


class CustomerView(TypedDict):
    """What the channel and the customer have told us about them."""

    name: str | None
    channel: str
    locale: str | None
    profile: dict[str, Any]
    since: str
    cases: int


class ConversationDetail(BaseModel):
    conversation: SummaryView
    messages: list[MessageView]
    ticket: TicketView | None
    history: list[HistoryView]
    brief: BriefView
    notes: list[NoteView]
    customer: CustomerView


@routes.add("GET", "/api/conversations", permission="read")
async def list_conversations(call: Call, query: ListQuery) -> ConversationsAnswer:
    """Conversations of one holder, or yours, or what is snoozed. The queue in its own order, the snoozed by when they come
    back, the others by when their holder took them. With ``q`` those, whoever holds them, that have this ticket, order, customer
    or text: latest change first, one page, among the latest 2,000 conversations (a ticket's number among all)."""
    return await call.desk.database.read(_list, call.agent_id, query)


@routes.add("GET", "/api/conversations/{conversation_id}", permission="read")
async def read_conversation(call: Call, conversation_id: str) -> ConversationDetail:
    """One conversation: its latest 500 messages, the ticket, the brief, the notes and the customer."""
    detail, sender_id = await call.desk.database.read(_detail, call.agent_id, conversation_id)
    detail.brief = with_orders(detail.brief, await _orders(call, sender_id))
    return detail


async def _orders(call: Call, sender_id: str) -> list[OrderView] | None:
    try:
        return await call.desk.orders_for(sender_id)
    except OrdersUnavailableError:
        return None


def _list(session: Session, agent_id: str, query: ListQuery) -> ConversationsAnswer:
    agent = agents.by_id(session, agent_id)
    readable = access.conversations(agent)
    mine = agent.id if query.mine else None
    if query.q is not None and query.q.strip():
        return _search(session, agent, readable, query)
    if query.holder == "queue":
        page = listing.queue_page(session, readable, query.cursor, query.limit)
    elif query.snoozed:
        page = listing.snoozed_page(session, readable, query.cursor, query.limit, mine)
    else:
        page = listing.page(session, readable, query.cursor, query.limit, query.holder, mine)
    return ConversationsAnswer(
        conversations=page.conversations, next_cursor=page.next_cursor, counts=summaries.counts(session, agent.id)
    )


def _search(session: Session, agent: Agent, readable: Select[Conversation], query: ListQuery) -> ConversationsAnswer:
    found = searching.search(session, readable, query.q or "", query.limit)
    return ConversationsAnswer(
        conversations=found.conversations,
        next_cursor=None,
        counts=summaries.counts(session, agent.id),
        looked_through=found.looked_through,
    )


def _detail(session: Session, agent_id: str, conversation_id: str) -> tuple[ConversationDetail, str]:
    """The answer without orders, and the name under which the shop knows this case."""
    agent = agents.by_id(session, agent_id)
    conversation = access.conversation_for(session, agent, conversation_id, "read")
    ticket = summaries.latest_ticket(session, conversation)
    detail = ConversationDetail(
        conversation=summaries.summary(session, conversation),
        messages=latest_messages(session, conversation.id, MESSAGES_SHOWN),
        ticket=summaries.ticket_view(session, ticket) if ticket else None,
        history=history.of_ticket(session, ticket) if ticket else [],
        brief=brief(session, conversation),
        notes=notes.of_conversation(session, conversation),
        customer=_customer(conversation),
    )
    return detail, f"{conversation.id}.{conversation.case_no}"


def _customer(conversation: Conversation) -> CustomerView:
    return CustomerView(
        name=conversation.customer_name,
        channel=conversation.channel,
        locale=conversation.locale,
        profile=conversation.profile,
        since=iso(conversation.created_at),
        cases=conversation.case_no,
    )
