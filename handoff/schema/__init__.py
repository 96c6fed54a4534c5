"""The tables, each a noun of the help desk. What they mean is in docs/architecture.md.

Whoever needs one imports it from here: that way all of them are known whenever one is.
"""

from handoff.schema.addresses import FurtherAddress, JoinLink, SessionRenewal, SetAside
from handoff.schema.agents import Agent, AgentSession, OpenDesk
from handoff.schema.base import Base, Json, UtcDateTime
from handoff.schema.conversations import Conversation, Erasure, Note, OwnershipChange
from handoff.schema.decisions import Decision
from handoff.schema.desk_chats import AgentLink, DeskLine, DeskThread
from handoff.schema.inbox import InboxItem, ReceivedEvent
from handoff.schema.messages import Button, MediaFile, Message
from handoff.schema.outbox import OutboxItem
from handoff.schema.promises import FollowUp, Promise
from handoff.schema.tickets import Offer, Ticket, TicketEvent

__all__ = [
    "Agent",
    "AgentLink",
    "AgentSession",
    "Base",
    "Button",
    "Conversation",
    "Decision",
    "DeskLine",
    "DeskThread",
    "Erasure",
    "FollowUp",
    "FurtherAddress",
    "InboxItem",
    "JoinLink",
    "Json",
    "MediaFile",
    "Message",
    "Note",
    "Offer",
    "OpenDesk",
    "OutboxItem",
    "OwnershipChange",
    "Promise",
    "ReceivedEvent",
    "SessionRenewal",
    "SetAside",
    "Ticket",
    "TicketEvent",
    "UtcDateTime",
]
