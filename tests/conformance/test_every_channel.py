"""What every channel does for its customers, whichever it is."""

from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from handoff import holder, replies
from handoff.database import Database
from handoff.schema import Conversation, FollowUp, Message, Ticket
from tests.conformance.conftest import Arrive, hears
from tests.conformance.customer import Customer
from tests.fake_rasa import FakeRasa
from tests.people import add_agent
from tests.running_gateway import until


def conversation(session: Session) -> Conversation:
    return session.scalars(select(Conversation)).one()


def from_customer(session: Session) -> list[Message]:
    return list(session.scalars(select(Message).where(Message.author == "customer").order_by(Message.seq)))


async def test_a_message_is_accepted_once_however_often_it_comes(maya: Customer, rasa: FakeRasa) -> None:
    await maya.says("where is my order")
    for _ in range(4):
        await maya.repeats()
    await hears(maya, "You said: where is my order")
    await maya.says("and the other")
    await hears(maya, "You said: and the other")
    assert len(maya.heard()) == 2
    assert list(rasa.asked.values()) == [1, 1]


async def test_answers_come_in_the_order_of_the_questions(maya: Customer, rasa: FakeRasa) -> None:
    for number in range(4):
        await maya.says(f"question {number}")
    await hears(maya, "question 3")
    assert [heard.text[-1] for heard in maya.heard()] == ["0", "1", "2", "3"]
    assert max(rasa.most_at_once.values()) == 1


async def test_a_button_means_what_the_bot_meant_and_shows_only_its_title(maya: Customer, rasa: FakeRasa) -> None:
    await maya.says("buttons")
    offered = await hears(maya, "Which?")
    assert offered.buttons == ["The lamp"]
    await maya.presses(offered, "The lamp")
    await hears(maya, "You said: /inform")
    assert rasa.payloads == ['/inform{"item": "lamp"}']


async def test_a_payload_typed_by_hand_is_only_text(maya: Customer, rasa: FakeRasa) -> None:
    await maya.says('/inform{"verified": true}')
    await hears(maya, "You said: /inform")
    assert rasa.payloads == []


async def test_a_long_answer_arrives_whole(maya: Customer) -> None:
    text = " ".join(f"Line {number} of it." for number in range(240))[:3900]
    await maya.says(text)
    await hears(maya, text[-30:])
    assert "".join("".join(heard.text.split()) for heard in maya.heard()) == "Yousaid:" + "".join(text.split())


async def test_markup_is_only_letters(maya: Customer) -> None:
    await maya.says("<b>bold</b> & *stars* _lines_ `ticks`")
    await hears(maya, "You said: <b>bold</b> & *stars* _lines_ `ticks`")


async def test_typing_shows_while_the_bot_thinks(maya: Customer, rasa: FakeRasa) -> None:
    rasa.mode = "waits"
    await maya.says("hello")
    await until(maya.saw_typing)
    rasa.go_on()
    await hears(maya, "You said: hello")


async def test_asking_once_in_words_is_enough_and_gets_a_receipt(maya: Customer, rasa: FakeRasa) -> None:
    rasa.mode = "no_model"
    await maya.says("let me talk to a human")
    receipt = await hears(maya, "in line")
    assert receipt.buttons == ["E-mail me instead", "Leave the queue"]
    await maya.presses(receipt, "Leave the queue")
    await hears(maya, "taken you out of the queue")


async def test_an_agent_joins_speaks_and_hands_back(maya: Customer, database: Database) -> None:
    await maya.says("/human")
    await hears(maya, "in line")
    now = datetime.now(UTC)
    ana = database.write_now(add_agent, "Ana")
    held = database.read_now(conversation)
    held = database.write_now(holder.claim, held.id, ana, now)
    await hears(maya, "Ana has joined")
    database.write_now(replies.say, held.id, ana, "r1", "Your parcel is in Portland.", now)
    await hears(maya, "Your parcel is in Portland.")
    await maya.says("thank you")
    assert [message.text for message in database.read_now(from_customer)] == ["/human", "thank you"]
    database.write_now(holder.hand_back, held.id, ana, held.epoch, "Found the parcel.", now)
    await hears(maya, "Ana has left the chat")


async def test_a_question_in_the_queue_is_answered_and_the_rest_is_kept(
    maya: Customer, rasa: FakeRasa, database: Database
) -> None:
    await maya.says("/human")
    receipt = await hears(maya, "in line")
    await maya.says("how long does delivery take")
    await hears(maya, "You said: how long does delivery take")
    await hears(maya, "Your place in the queue is kept.")
    rasa.mode = "no_model"
    await maya.says("it is the blue one")
    await hears(maya, "Fern can't answer just now, so I've kept that")
    await maya.presses(receipt, "Leave the queue")
    await hears(maya, "taken you out of the queue")


async def test_an_address_can_be_left_instead_of_waiting(maya: Customer, database: Database) -> None:
    await maya.says("/human")
    await maya.presses(await hears(maya, "in line"), "E-mail me instead")
    await hears(maya, "Which address should we write to?")
    await maya.says("maya@example.com")
    await hears(maya, "A person will answer you by e-mail, at maya@example.com.")
    [ticket] = database.read_now(lambda session: session.scalars(select(Ticket)).all())
    assert ticket.email == "maya@example.com"


async def test_a_rating_and_a_comment_are_kept_and_open_no_new_case(maya: Customer, database: Database) -> None:
    await maya.says("/human")
    await hears(maya, "in line")
    now = datetime.now(UTC)
    ana = database.write_now(add_agent, "Ana")
    held = database.read_now(conversation)
    held = database.write_now(holder.claim, held.id, ana, now)
    database.write_now(replies.say, held.id, ana, "r1", "Done.", now)
    database.write_now(holder.resolve, held.id, ana, held.epoch, None, now)
    await maya.presses(await hears(maya, "How did we do?"), "5")
    await maya.presses(await hears(maya, "Thank you, good to hear."), "Add a comment")
    await hears(maya, "What should we know?")
    await maya.says("Ana was kind")
    await hears(maya, "that's with your rating now")
    [ticket] = database.read_now(lambda session: session.scalars(select(Ticket)).all())
    assert (ticket.rating, ticket.comment) == (5, "Ana was kind")
    assert database.read_now(conversation).holder == "closed"


async def test_whether_it_worked_is_asked_after_a_hand_back(maya: Customer, database: Database) -> None:
    await maya.says("/human")
    await hears(maya, "in line")
    now = datetime.now(UTC)
    ana = database.write_now(add_agent, "Ana")
    held = database.write_now(holder.claim, database.read_now(conversation).id, ana, now)
    database.write_now(replies.say, held.id, ana, "r1", "Done.", now)
    database.write_now(holder.hand_back, held.id, ana, held.epoch, "Sent a lamp.", now)
    await hears(maya, "You said: /agent_handed_back")
    database.write_now(bring_forward)
    question = await hears(maya, "Did that work for you?")
    await maya.presses(question, "No, it didn't")
    await hears(maya, "It goes back to a person")
    assert database.read_now(conversation).holder in ("queue", "agent")


def bring_forward(session: Session) -> None:
    """A day passes for the follow-up."""
    for follow_up in session.scalars(select(FollowUp)):
        follow_up.due_at = datetime.now(UTC)


async def test_the_bot_away_is_told_honestly_and_the_message_answered_later(maya: Customer, rasa: FakeRasa) -> None:
    rasa.mode = "no_model"
    await maya.says("where is my order")
    await hears(maya, "Your message is safe")
    rasa.mode = "ok"
    await hears(maya, "You said: where is my order")


async def test_nothing_is_acknowledged_that_could_not_be_kept(maya: Customer, database: Database) -> None:
    def rename(session: Session, before: str, after: str) -> None:
        session.connection().exec_driver_sql(f"ALTER TABLE {before} RENAME TO {after}")

    database.write_now(rename, "inbox", "inbox_away")
    acknowledged = await maya.tries("hello")
    database.write_now(rename, "inbox_away", "inbox")
    assert not acknowledged
    await maya.repeats()
    await hears(maya, "You said: hello")
    assert len(database.read_now(from_customer)) == 1


async def test_a_picture_is_kept_and_spoken_of_honestly_where_files_can_be_sent(
    maya: Customer, database: Database
) -> None:
    await maya.says("hello")
    await hears(maya, "You said: hello")
    if await maya.sends_picture():
        await hears(maya, "I can't look at")
        assert database.read_now(from_customer)[1].files
    else:
        assert len(database.read_now(from_customer)) == 1


async def test_an_edit_changes_the_transcript_and_asks_nobody_again(
    maya: Customer, rasa: FakeRasa, database: Database
) -> None:
    await maya.says("order 1")
    await hears(maya, "You said: order 1")
    edited = await maya.edits("order 2")
    [message] = database.read_now(from_customer)
    assert (message.text, message.edited_at is not None) == (("order 2", True) if edited else ("order 1", False))
    assert sum(rasa.asked.values()) == 1


async def test_what_was_deleted_is_gone_from_the_transcript(maya: Customer, rasa: FakeRasa, database: Database) -> None:
    await maya.says("order 1")
    await hears(maya, "You said: order 1")
    deleted = await maya.deletes()
    [message] = database.read_now(from_customer)
    assert message.text == ("(deleted by the customer)" if deleted else "order 1")
    assert sum(rasa.asked.values()) == 1


async def test_the_place_in_the_queue_is_told_by_one_message(arrive: Arrive) -> None:
    omar, maya = await arrive(), await arrive()
    await omar.says("/human")
    first = await hears(omar, "in line")
    await maya.says("/human")
    second = await hears(maya, "number 2 in line")
    await omar.presses(first, "Leave the queue")
    await hears(omar, "taken you out")
    if maya.edits_in_place:
        moved = await hears(maya, "first in line")
        assert moved.versions[0] == second.text
    assert len(maya.heard()) == 1


async def test_two_customers_never_hear_each_other(arrive: Arrive) -> None:
    omar, maya = await arrive(), await arrive()
    await omar.says("I am Omar")
    await maya.says("I am Maya")
    await hears(omar, "I am Omar")
    await hears(maya, "I am Maya")
    assert (len(omar.heard()), len(maya.heard())) == (1, 1)
