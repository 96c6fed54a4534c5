"""One story, every channel: a question, an order, a choice, anger, a person, and the bot again. The transcripts are the same."""

from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from handoff import holder, replies
from handoff.database import Database
from handoff.schema import Conversation, Message
from tests.conformance.conftest import hears
from tests.conformance.customer import Customer
from tests.people import add_agent

STORY = [
    ("customer", "how long does delivery take"),
    ("bot", "You said: how long does delivery take"),
    ("customer", "buttons"),
    ("bot", "Which?"),
    ("customer", "The lamp"),
    ("bot", 'You said: /inform{"item": "lamp"}'),
    ("customer", "this makes me angry"),
    ("bot", "That's fair."),
    ("system", "queued"),
    ("system", "connected"),
    ("agent", "I've sent you a new lamp."),
    ("customer", "thank you"),
    ("system", "ended"),
    ("bot", 'You said: /agent_handed_back{"handback_note": "Sent a new lamp."}'),
]


def told(session: Session) -> list[tuple[str, str]]:
    """``(author, text)`` of each message; of the desk's own words, what they are about."""
    lines = session.scalars(select(Message).order_by(Message.seq))
    return [(line.author, line.handoff["state"] if line.handoff else line.text) for line in lines]


async def test_the_story_is_the_same_on_every_channel(maya: Customer, database: Database) -> None:
    await maya.says("how long does delivery take")
    await hears(maya, "how long does delivery take")
    await maya.says("buttons")
    await maya.presses(await hears(maya, "Which?"), "The lamp")
    await hears(maya, '"item": "lamp"')
    await maya.says("this makes me angry")
    await hears(maya, "in line")
    now = datetime.now(UTC)
    ana = database.write_now(add_agent, "Ana")
    conversation_id = database.read_now(lambda session: session.scalars(select(Conversation.id)).one())
    held = database.write_now(holder.claim, conversation_id, ana, now)
    database.write_now(replies.say, conversation_id, ana, "r1", "I've sent you a new lamp.", now)
    await hears(maya, "I've sent you a new lamp.")
    await maya.says("thank you")
    database.write_now(holder.hand_back, conversation_id, ana, held.epoch, "Sent a new lamp.", now)
    await hears(maya, "Sent a new lamp.")
    assert database.read_now(told) == STORY
