"""The brief: what an agent must know before the first word, from facts alone, so that no customer is asked twice."""

from collections.abc import Container, Iterable, Sequence
from itertools import pairwise
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from handoff import brief_words as words
from handoff.masking import masked
from handoff.schema import Conversation, OwnershipChange, Ticket
from handoff.summaries import latest_ticket
from handoff.tickets import GRAVE_SIGNS, is_grave, number
from handoff.transcript import MessageView, iso, latest_messages

MESSAGES_READ = 500
LATEST_SHOWN = 8
SHORT = 120
FALLBACK_INTENTS = ("nlu_fallback", "out_of_scope")


class OrderItem(TypedDict):
    """One line of an order. ``price``: of one piece, a decimal string."""

    name: str
    size: str | None
    quantity: int
    price: str


class OrderView(TypedDict):
    """An order of the verified customer, as in docs/wire.md. Amounts are decimal strings."""

    number: str
    state: str
    placed_at: str
    due_at: str | None
    delivered_at: str | None
    carrier: str | None
    tracking_number: str | None
    items: list[OrderItem]
    total: str
    currency: str
    email_masked: str


class Answered(TypedDict):
    question: str
    answer: str


class Felt(TypedDict):
    """How upset the customer sounded in their message ``seq``, from 0 to 1."""

    seq: int
    score: float


class EarlierCase(TypedDict):
    """What an earlier case of the customer was about, in a line."""

    case: int
    ended_at: str
    summary: str


class BriefView(TypedDict):
    """The brief as in docs/wire.md. ``orders_note`` says why there are no orders, when there are none."""

    summary: list[str]
    reason_text: str
    evidence: list[dict[str, Any]]
    tried: list[str]
    failed: list[str]
    asked_and_answered: list[Answered]
    slots: dict[str, Any]
    frustration: list[Felt]
    orders: list[OrderView]
    orders_note: str | None
    earlier: list[EarlierCase]


def brief(session: Session, conversation: Conversation) -> BriefView:
    """The brief of the present case, still without orders: those are the shop's to tell, see :func:`with_orders`."""
    ticket = latest_ticket(session, conversation)
    case = [
        line
        for line in latest_messages(session, conversation.id, MESSAGES_READ)
        if line["case"] == conversation.case_no
    ]
    slots = _slots(conversation, ticket)
    return BriefView(
        summary=[_what_they_want(case, slots, conversation, ticket), _why_here(conversation, ticket)],
        reason_text=words.reason(ticket.reason) if ticket else "",
        evidence=ticket.evidence if ticket else [],
        tried=_tried(case, ticket),
        failed=_failed(case, ticket),
        asked_and_answered=_asked_and_answered(slots),
        slots={name: _shown(name, value) for name, value in slots.items()},
        frustration=_frustration(case),
        orders=[],
        orders_note=None,
        earlier=_earlier(session, conversation),
    )


def with_orders(brief: BriefView, orders: list[OrderView] | None) -> BriefView:
    """The brief with the customer's orders; None when the shop could not be asked."""
    if orders is None:
        return {**brief, "orders_note": words.ORDERS_UNAVAILABLE}
    return {**brief, "orders": orders, "orders_note": None if orders else words.NOT_VERIFIED}


def _what_they_want(
    case: Sequence[MessageView], slots: dict[str, Any], conversation: Conversation, ticket: Ticket | None
) -> str:
    """The first sentence: the wish, from the last thing the bot understood, and the order it is about.

    What may be dangerous is told in the customer's own words: no wish that a model has guessed says it as well.
    """
    order = slots.get("order_number")
    about = f" (order {order})" if order else ""
    said = [line["text"] for line in case if line["author"] == "customer"]
    if ticket and is_grave(ticket) and ticket.state != "handed_back" and said:
        grave = [text for text in said if _is_evidence(text, ticket)]
        return f"The customer wrote: “{_short((grave or said)[-1])}”{about}."
    wish = _wish(case, conversation.slots.get("task"))
    if wish:
        return f"The customer {wish}{about}."
    if said:
        return f"The customer's last words: “{_short(said[-1])}”{about}."
    return "The customer has not written in this case yet."


def _wish(case: Sequence[MessageView], task: str | None) -> str | None:
    """The task under way, also when a question was asked beside it; only a complaint is more than that."""
    wishes = [wish for line in case if (wish := words.wish(_intent(line), _faq(line)))]
    last = wishes[-1] if wishes else None
    return last if last == words.WISHES["complaint"] else words.wish(task, None) or last


def _why_here(conversation: Conversation, ticket: Ticket | None) -> str:
    """The second sentence: how it came to the desk, or who has it instead."""
    if ticket is None:
        return "Nobody has asked for a person in this case."
    if ticket.state == "handed_back":
        return f"A person has helped ({number(ticket)}) and handed back to the bot."
    if conversation.holder == "closed":
        return f"The case is closed ({number(ticket)})."
    return f"{words.reason(ticket.reason)} ({number(ticket)})."


def _is_evidence(text: str, ticket: Ticket, kinds: Container[str] | None = None) -> bool:
    """Whether these words are quoted as a reason for the ticket; of any kind but not being understood by default."""
    return any(
        f"“{text}”" in item.get("text", "")
        for item in ticket.evidence
        if (item.get("kind") in kinds if kinds else item.get("kind") != "misses")
    )


def _tried(case: Sequence[MessageView], ticket: Ticket | None) -> list[str]:
    """What the bot took up and answered, each once, in order; to what is grave it only said to call for help."""
    done = []
    for line, after in pairwise([line for line in case if line["author"] != "system"]):
        grave = ticket is not None and _is_evidence(line["text"], ticket, GRAVE_SIGNS)
        if line["author"] == "customer" and after["author"] == "bot" and not grave:
            done.append(words.help_given(_intent(line), _faq(line)))
    return _once(done)


def _failed(case: Sequence[MessageView], ticket: Ticket | None) -> list[str]:
    """What the bot missed, other than what it fetched a person for, and what did not arrive."""
    missed = [
        f"Did not understand “{_short(line['text'])}”"
        for line in case
        if line["author"] == "customer" and _intent(line) in FALLBACK_INTENTS
        if not (ticket and _is_evidence(line["text"], ticket))
    ]
    undelivered = [
        f"This did not reach the customer: “{_short(line['text'])}”" for line in case if line["state"] == "dead"
    ]
    return _once(missed) + _once(undelivered)


def _asked_and_answered(slots: dict[str, Any]) -> list[Answered]:
    return [
        Answered(question=question, answer=str(_shown(name, slots[name])))
        for name, question in words.QUESTIONS.items()
        if name in slots
    ]


def _frustration(case: Sequence[MessageView]) -> list[Felt]:
    felt = [(line["seq"], (line["understanding"] or {}).get("frustration")) for line in case]
    return [Felt(seq=seq, score=round(float(found["score"]), 3)) for seq, found in felt if found]


def _earlier(session: Session, conversation: Conversation) -> list[EarlierCase]:
    """One line for each case before this one, latest first: how it ended, and when."""
    tickets = session.scalars(
        select(Ticket)
        .where(Ticket.conversation_id == conversation.id, Ticket.case_no < conversation.case_no)
        .order_by(Ticket.id)
    ).all()
    by_case = {ticket.case_no: ticket for ticket in tickets}
    closings = session.scalars(
        select(OwnershipChange)
        .where(OwnershipChange.conversation_id == conversation.id, OwnershipChange.holder_after == "closed")
        .order_by(OwnershipChange.epoch)
    )
    ended = [
        EarlierCase(case=case_no, ended_at=iso(closing.at), summary=_case_summary(by_case.get(case_no), closing))
        for case_no, closing in enumerate(closings, start=1)
        if case_no < conversation.case_no
    ]
    return ended[-LATEST_SHOWN:][::-1]


def _case_summary(ticket: Ticket | None, closing: OwnershipChange) -> str:
    note = "" if closing.reason == "resolved" else f" {closing.reason}"
    if ticket is None:
        return f"Closed without a ticket.{note}"
    return f"{number(ticket)}: {words.reason(ticket.reason)}.{note}"


def _slots(conversation: Conversation, ticket: Ticket | None) -> dict[str, Any]:
    """What the bot knows now, or knew when it handed over if it has been forgotten since."""
    at_handoff = ticket.opening.get("slots", {}) if ticket else {}
    known = {**at_handoff, **conversation.slots}
    return {
        name: value for name, value in known.items() if name not in words.INNER_SLOTS and value not in (None, "", [])
    }


def _intent(line: MessageView) -> str | None:
    intent = (line["understanding"] or {}).get("intent")
    return intent.get("name") if isinstance(intent, dict) else None


def _faq(line: MessageView) -> str | None:
    """The question that the bot answered; a guess that it was too unsure of to answer is none."""
    understanding = line["understanding"] or {}
    return None if _intent(line) in FALLBACK_INTENTS else understanding.get("faq")


def _shown(name: str, value: Any) -> Any:
    return masked(words.value(name, value)) if isinstance(value, str) else value


def _short(text: str) -> str:
    line = masked(" ".join(text.split()))
    return line if len(line) <= SHORT else line[: SHORT - 1] + "…"


def _once(lines: Iterable[str | None]) -> list[str]:
    """Each line once, the latest few."""
    return list(dict.fromkeys(line for line in lines if line))[-LATEST_SHOWN:]
