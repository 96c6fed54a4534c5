"""Follow-ups: some time after a hand-back the customer is asked, once, whether what the agent did has worked.

Nobody is asked who has come back with something else meanwhile, or has said how it was. Whoever does not answer is left alone.
"""

import re
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from handoff import desk_rules, question_receipts
from handoff.conversations import locked
from handoff.outbound import send
from handoff.payloads import worked
from handoff.schema import Agent, Conversation, FollowUp, Message, Ticket

STATES = ("waiting", "asked", "worked", "failed", "dropped")
SMALL_TALK = frozenset({"thank", "goodbye", "greet", "affirm", "deny", "stop"})
"""Intents that bring up nothing new."""
YES = frozenset(
    {
        *("yes", "yep", "yeah", "yes it did", "yes it does", "yes it worked", "yes thanks", "yes thank you"),
        *("it did", "it does", "it worked", "it works", "works", "all good", "all fine", "fixed", "sorted"),
    }
)
NO = frozenset(
    {
        *("no", "nope", "no it didn't", "no it doesn't", "no it hasn't", "not really", "not yet", "not at all"),
        *("it didn't", "it doesn't", "it hasn't", "it didn't work", "it doesn't work", "it hasn't worked"),
        *("didn't work", "doesn't work", "not working", "still broken", "still not working"),
    }
)
_NO_AND_MORE = re.compile(
    r"(no|nope|not really|not yet|it (didn't|doesn't|hasn't))\b[\s,;:.!-]+(it|that|still|the|i|my)\b"
)
"""“No, it still flickers”, but not “no thanks”."""
_NEGATED = r"(?:(?:did|does|do|has|have|is|was)(?:nt| not))"
_NOT_WORKED = re.compile(
    r"(?:(?:no|nope|nah|yes|yeah|sorry|but|it|its|that|thats|this|they|theyre) )*"
    rf"(?:(?:did|does|has)(?:nt| not)$|{_NEGATED} (?:work|help|fix|solve|sort|arriv|fit|right)"
    r"|not (?:work|fix|solve|sorted|right)|still (?:broken|wrong|not|the same|same|no|nothing|missing|\w+nt)\b)"
    r"|(?:no|nope|nah) (?:.* )?still\b"
)
"""Without apostrophes: “it didnt work”, “still broken”, “no, still the wrong size”; but not “no” or “not really”."""


def begin(
    session: Session, conversation: Conversation, ticket: Ticket, agent_id: str, note: str, now: datetime
) -> None:
    """The agent has just handed back: ask later, if this desk asks."""
    ask_after = desk_rules.of(session).ask_after
    if ask_after is None or ticket.first_reply_at is None:
        return
    session.add(
        FollowUp(
            conversation_id=conversation.id,
            ticket_id=ticket.id,
            agent_id=agent_id,
            case_no=conversation.case_no,
            note=note,
            after_seq=conversation.last_seq,
            due_at=now + ask_after,
        )
    )


def due(session: Session, now: datetime) -> list[int]:
    """Those whose time to be asked has come, the oldest first."""
    query = select(FollowUp.id).where(FollowUp.state == "waiting", FollowUp.due_at <= now).order_by(FollowUp.due_at)
    return list(session.scalars(query))


def ask(session: Session, follow_up_id: int, now: datetime) -> str | None:
    """Ask, unless there is no point any more. Returns the conversation's id when somebody was asked."""
    seen = session.get(FollowUp, follow_up_id)
    if seen is None:
        return None  # erased meanwhile
    conversation = locked(session, seen.conversation_id)
    follow_up = session.get_one(FollowUp, follow_up_id, populate_existing=True)
    if follow_up.state != "waiting":
        return None
    if not _has_a_point(session, conversation, follow_up):
        follow_up.state = "dropped"
        return None
    follow_up.state, follow_up.asked_at = "asked", now
    agent = session.get_one(Agent, follow_up.agent_id)
    answers = [
        (title, worked(follow_up.id, yes)) for title, yes in (("Yes, it worked", True), ("No, it didn't", False))
    ]
    send(session, conversation, question_receipts.did_it_work(agent.name, follow_up.note, answers), now)
    return conversation.id


def typed(session: Session, conversation: Conversation, text: str) -> str | None:
    """The payload of the button that a customer means who answers in words, with nothing said in between: the question
    whether it worked, or, with words that say it has not, the bot's greeting at the hand-back."""
    meant = yes_or_no(text)
    if meant is None:
        return None
    follow_up = session.scalar(
        select(FollowUp)
        .where(FollowUp.conversation_id == conversation.id, FollowUp.state.in_(("waiting", "asked")))
        .where(FollowUp.case_no == conversation.case_no)
        .order_by(FollowUp.id.desc())
        .limit(1)
    )
    if follow_up is None or not _is_answer(session, conversation, follow_up, text):
        return None
    return worked(follow_up.id, meant)


def _is_answer(session: Session, conversation: Conversation, follow_up: FollowUp, text: str) -> bool:
    """To our question; or, before it is asked, to the bot's at the hand-back whether anything is left: to that, “no” is good."""
    if follow_up.state == "asked":
        return not _said_since(session, follow_up)
    greeted = conversation.holder == "bot" and conversation.turn_due is None
    later = exists().where(*_of_customer(conversation.id), Message.seq > follow_up.after_seq)
    return greeted and says_not_worked(text) and not session.scalar(select(later))


def says_not_worked(text: str) -> bool:
    """Whether words say that what was done has not helped, whatever they were asked."""
    plain = re.sub(r"[^\w\s]", " ", re.sub(r"['’]", "", text.casefold()))
    return _NOT_WORKED.match(" ".join(plain.split())) is not None


def yes_or_no(text: str) -> bool | None:
    """Whether words say no more than yes, or begin with no. None: they are something else."""
    plain = " ".join(re.sub(r"[^\w'\s]", " ", text.casefold().replace("’", "'")).split())
    if plain in YES:
        return True
    if plain in NO or says_not_worked(text) or _NO_AND_MORE.match(text.casefold().replace("’", "'").strip()):
        return False
    return None


def states(session: Session) -> dict[str, int]:
    """How many follow-ups are in each of :data:`STATES`."""
    query = select(FollowUp.state, func.count()).group_by(FollowUp.state)
    return dict.fromkeys(STATES, 0) | {state: count for state, count in session.execute(query)}


def _has_a_point(session: Session, conversation: Conversation, follow_up: FollowUp) -> bool:
    if conversation.holder != "bot" or conversation.case_no != follow_up.case_no or conversation.turn_due is not None:
        return False
    ticket = session.get_one(Ticket, follow_up.ticket_id)
    return ticket.rating is None and not _wrote_about_something(session, follow_up)


def _wrote_about_something(session: Session, follow_up: FollowUp) -> bool:
    later = select(Message.understanding).where(
        *_of_customer(follow_up.conversation_id), Message.seq > follow_up.after_seq
    )
    return any(_intent(understanding) not in SMALL_TALK for understanding in session.scalars(later))


def _intent(understanding: dict[str, object] | None) -> object:
    intent = (understanding or {}).get("intent")
    return intent.get("name") if isinstance(intent, dict) else None


def _said_since(session: Session, asked: FollowUp) -> bool:
    return bool(
        session.scalar(select(exists().where(*_of_customer(asked.conversation_id), Message.at > asked.asked_at)))
    )


def _of_customer(conversation_id: str) -> tuple[ColumnElement[bool], ...]:
    return Message.conversation_id == conversation_id, Message.author == "customer"
