"""Ana and Ben work from Slack: cards, claims, notes, answers, and the web desk at the same time."""

import asyncio
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from connectors.gateway.settings import Settings
from handoff import agent_links, agents, holder, notes, open_desks, ownership, passwords, replies
from handoff.database import Database
from handoff.schema import Agent, Conversation, DeskThread, Note, Ticket
from tests.fakes.slack_server import FakeSlack
from tests.fakes.slack_workspace import ANA, BEN, TEAM
from tests.integration.slack.records import conversations, transcript
from tests.running_gateway import PATIENCE_SECONDS, until

DM, DESK = "D0MAYA", "C0DESK"
PASSWORD = "a long and silly sentence"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"slack_desk_channel": DESK})


@pytest.fixture
async def staffed(desk: Database, gateway: str) -> Database:
    """Ana and Ben have accounts and are linked; Cleo is a stranger."""
    for name, user in (("Ana", ANA), ("Ben", BEN)):
        agent_id = add_account(desk, name)
        desk.write_now(agent_links.link, "slack", f"{TEAM}/{user}", agent_id, f"token-{name}", datetime.now(UTC))
    return desk


@pytest.fixture
async def card(staffed: Database, slack: FakeSlack) -> dict[str, Any]:
    """Maya asked for a person; the card is there."""
    await slack.says("where is order 10412?")
    await until(lambda: slack.texts(DM))
    await slack.says("let me talk to a human")
    await until(lambda: slack.texts(DESK) and len(slack.texts(DM)) == 2)
    card = slack.from_app(DESK)[0]
    await until(lambda: staffed.read_now(lambda session: session.scalar(select(DeskThread.card))) == card["ts"])
    return card


async def test_a_handoff_posts_a_card_with_the_brief(card: dict[str, Any], slack: FakeSlack) -> None:
    words = str(card["blocks"])
    assert "They asked for a person" in words
    assert "Maya Lindqvist on Slack · waiting in the queue" in words
    assert "where is order 10412?" in words
    assert slack.button_of(card, "Claim")


async def test_one_of_two_claims_wins_and_the_other_hears_who_was_first(
    card: dict[str, Any], slack: FakeSlack, staffed: Database
) -> None:
    before = dict(card)
    await asyncio.gather(
        slack.interact(slack.press(DESK, before, "Claim", ANA)), slack.interact(slack.press(DESK, before, "Claim", BEN))
    )
    await until(lambda: slack.ephemeral and "with " in card["text"])
    winner = held_by(staffed)
    loser = {"a_Ana": BEN, "a_Ben": ANA}[f"a_{winner}"]
    assert f"with {winner}" in card["text"]
    assert (slack.ephemeral[0]["user"], slack.ephemeral[0]["text"]) == (
        loser,
        f"{winner} has this conversation. Nothing was changed or sent.",
    )
    assert [one["text"]["text"] for one in buttons(card)] == ["Hand back", "Resolve", "To the queue", "Open the desk"]


async def test_words_in_the_thread_stay_inside_unless_they_are_sent(
    card: dict[str, Any], slack: FakeSlack, staffed: Database
) -> None:
    await claim(slack, card, ANA)
    await slack.says("she sounds upset", DESK, ANA, thread_ts=card["ts"])
    sent = await slack.says("&gt;&gt; It ships on Monday.", DESK, ANA, thread_ts=card["ts"])
    await slack.tell(slack.envelope(sent))  # told twice
    await until(lambda: "It ships on Monday." in slack.texts(DM) and slack.reactions)
    assert slack.texts(DM).count("It ships on Monday.") == 1
    assert not [text for text in slack.texts(DM) if "upset" in text]
    assert slack.reactions[0]["timestamp"] == sent["ts"]
    assert notes_of(staffed) == ["she sounds upset"]
    await slack.says("thank you", DM)
    await until(lambda: any("thank you" in one["text"] for one in in_thread(slack, card)))
    assert not [one for one in in_thread(slack, card) if "It ships on Monday." in one["text"]]


async def test_the_shortcut_sends_a_colleagues_draft(card: dict[str, Any], slack: FakeSlack) -> None:
    await claim(slack, card, ANA)
    draft = await slack.says("Your parcel is in Portland.", DESK, BEN, thread_ts=card["ts"])
    await slack.interact(slack.shortcut(DESK, draft, "send_to_customer", ANA))
    await slack.interact(slack.shortcut(DESK, draft, "send_to_customer", ANA))
    await until(lambda: "Your parcel is in Portland." in slack.texts(DM))
    assert slack.texts(DM).count("Your parcel is in Portland.") == 1


async def test_who_does_not_hold_it_cannot_send(card: dict[str, Any], slack: FakeSlack) -> None:
    await claim(slack, card, ANA)
    await slack.says("&gt;&gt; Hello from Ben", DESK, BEN, thread_ts=card["ts"])
    await until(lambda: slack.ephemeral)
    assert slack.ephemeral[0]["text"].startswith("Ana has this conversation.")
    await slack.says("&gt;&gt; Ana here", DESK, ANA, thread_ts=card["ts"])
    await until(lambda: "Ana here" in slack.texts(DM))
    assert "Hello from Ben" not in slack.texts(DM)


async def test_a_claim_at_the_web_desk_locks_slack_and_shows_there(
    card: dict[str, Any], slack: FakeSlack, staffed: Database
) -> None:
    stale = dict(card)
    conversation_id = conversations(staffed)[0][1]
    staffed.write_now(holder.claim, conversation_id, agent_id(staffed, "Ben"), datetime.now(UTC))
    await until(lambda: "with Ben" in card["text"])
    await slack.interact(slack.press(DESK, stale, "Claim", ANA))
    await until(lambda: slack.ephemeral)
    assert "Ben has this conversation" in slack.ephemeral[0]["text"]
    staffed.write_now(replies.say, conversation_id, agent_id(staffed, "Ben"), "web-1", "Ben here.", datetime.now(UTC))
    await until(lambda: any("Ben here." in one["text"] for one in in_thread(slack, card)))


async def test_whom_a_ticket_is_offered_to_is_called_in_its_thread(
    card: dict[str, Any], slack: FakeSlack, staffed: Database
) -> None:
    staffed.write_now(is_at_the_desk, agent_id(staffed, "Ana"))
    await until(lambda: [one for one in in_thread(slack, card) if f"<@{ANA}>, this one is offered" in one["text"]])
    [called] = [one for one in in_thread(slack, card) if "is offered to you" in one["text"]]
    await slack.interact(slack.press(DESK, dict(called), "Claim", ANA))
    await until(lambda: "with Ana" in card["text"])


async def test_who_works_from_slack_comes_and_goes_by_a_command(
    card: dict[str, Any], slack: FakeSlack, staffed: Database
) -> None:
    assert "You're at the desk for 8 hours" in await command(slack, "here", ANA)
    await until(lambda: calls(slack, card, ANA))
    assert "You're away." in await command(slack, "away", ANA)
    assert staffed.read_now(lambda session: session.get_one(Agent, agent_id(staffed, "Ana")).present) is False
    assert "You're at the desk" in await command(slack, " Here ", BEN)
    await until(lambda: calls(slack, card, BEN))
    await slack.interact(slack.press(DESK, dict(calls(slack, card, BEN)[0]), "Claim", BEN))
    await until(lambda: "with Ben" in card["text"])


async def test_a_declined_offer_goes_to_the_next_at_once(
    card: dict[str, Any], slack: FakeSlack, staffed: Database
) -> None:
    await command(slack, "here", ANA)
    await until(lambda: calls(slack, card, ANA))
    await command(slack, "here", BEN)
    called = dict(calls(slack, card, ANA)[0])
    await slack.interact(slack.press(DESK, called, "Decline", ANA))
    await until(lambda: calls(slack, card, BEN))
    await until(lambda: slack.ephemeral)
    assert slack.ephemeral[0]["text"] == "All right, it goes to the next one."
    await slack.interact(slack.press(DESK, called, "Decline", ANA))
    await until(lambda: len(slack.ephemeral) == 2)
    assert slack.ephemeral[1]["text"] == "This one isn't offered to you any more. Nothing was changed."
    assert len(calls(slack, card, ANA)) == 1
    assert "waiting in the queue" in card["text"]


@pytest.mark.parametrize(
    ("text", "user", "channel", "answer"),
    [
        ("lunch", ANA, DESK, "Write `/desk here`"),
        ("", ANA, DESK, "Write `/desk here`"),
        ("here", ANA, "C0SHOP", "Write that in the agents' channel"),
        ("here", "U0CLEO", DESK, "/desk/link/slack?token="),
        ("here", "U0CLEO", "C0SHOP", "Write that in the agents' channel"),
    ],
)
async def test_a_command_that_brings_nobody_to_the_desk_says_why(
    staffed: Database, slack: FakeSlack, text: str, user: str, channel: str, answer: str
) -> None:
    staffed.write_now(everybody_leaves)
    assert answer in await command(slack, text, user, channel)
    assert not staffed.read_now(lambda session: session.scalars(select(Agent.id).where(Agent.present)).all())


async def test_a_claim_in_slack_locks_the_web_desk(card: dict[str, Any], slack: FakeSlack, staffed: Database) -> None:
    await claim(slack, card, ANA)
    with pytest.raises(ownership.Conflict) as lost:
        staffed.write_now(holder.claim, conversations(staffed)[0][1], agent_id(staffed, "Ben"), datetime.now(UTC))
    assert lost.value.winner == "Ana"


async def test_handing_back_asks_what_was_done_and_the_bot_is_told(
    card: dict[str, Any], slack: FakeSlack, staffed: Database
) -> None:
    await claim(slack, card, ANA)
    await slack.interact(slack.press(DESK, dict(card), "Hand back", ANA))
    await until(lambda: slack.views)
    note = {"note": {"note": {"type": "plain_text_input", "value": "The refund is on its way."}}}
    status, _ = await slack.interact(slack.submit(slack.views[0], note, ANA))
    assert status == 200
    await until(lambda: "handed back to the bot by Ana" in card["text"])
    await until(lambda: any("agent_handed_back" in text for text in slack.texts(DM)))
    assert not buttons(card)
    assert held_by(staffed) is None


@pytest.mark.parametrize(("title", "state"), [("Resolve", "resolved by Ana"), ("To the queue", "waiting in the queue")])
async def test_resolving_and_giving_back(
    card: dict[str, Any], slack: FakeSlack, staffed: Database, title: str, state: str
) -> None:
    await claim(slack, card, ANA)
    await slack.interact(slack.press(DESK, dict(card), title, ANA))
    await until(lambda: state in card["text"])
    assert held_by(staffed) is None


async def test_what_is_urgent_is_not_closed_without_a_word(
    card: dict[str, Any], slack: FakeSlack, staffed: Database
) -> None:
    staffed.write_now(lambda session: session.execute(update(Ticket).values(reason="safety")))
    await claim(slack, card, ANA)
    await slack.interact(slack.press(DESK, dict(card), "Resolve", ANA))
    await until(lambda: slack.ephemeral)
    assert "nobody has answered the customer yet" in slack.ephemeral[0]["text"]
    assert held_by(staffed) == "Ana"
    await slack.says("I called her, she is fine", DESK, ANA, thread_ts=card["ts"])
    await slack.interact(slack.press(DESK, dict(card), "Resolve", ANA))
    await until(lambda: "resolved by Ana" in card["text"])


async def test_a_note_of_the_web_desk_is_shown_in_the_thread_once(
    card: dict[str, Any], slack: FakeSlack, staffed: Database
) -> None:
    await slack.says("she sounds upset", DESK, ANA, thread_ts=card["ts"])
    staffed.write_now(write_note, "Ben", "Refund was agreed on the phone.")
    await until(lambda: [one for one in in_thread(slack, card) if "agreed on the phone" in str(one["blocks"])])
    staffed.write_now(write_note, "Ben", "And a voucher.")
    await until(lambda: [one for one in in_thread(slack, card) if "And a voucher." in str(one["blocks"])])
    [shown] = [one for one in in_thread(slack, card) if "agreed on the phone" in str(one["blocks"])]
    assert "*Ben* · note" in str(shown["blocks"])
    assert not [one for one in in_thread(slack, card) if "she sounds upset" in str(one["blocks"])]
    assert not [text for text in slack.texts(DM) if "on the phone" in text]


async def test_a_note_that_slack_took_without_saying_so_is_not_shown_again(
    card: dict[str, Any], slack: FakeSlack, staffed: Database
) -> None:
    slack.faults.plan("chat.postMessage", "drop")
    staffed.write_now(write_note, "Ben", "Refund was agreed on the phone.")
    staffed.write_now(write_note, "Ana", "And a voucher.")
    await until(lambda: [one for one in in_thread(slack, card) if "And a voucher." in str(one["blocks"])])
    assert sum("agreed on the phone" in str(one["blocks"]) for one in in_thread(slack, card)) == 1


async def test_an_old_thread_sends_nothing_and_a_new_case_gets_a_new_card(
    card: dict[str, Any], slack: FakeSlack, staffed: Database
) -> None:
    await claim(slack, card, ANA)
    await slack.interact(slack.press(DESK, dict(card), "Resolve", ANA))
    await until(lambda: "resolved" in card["text"])
    await slack.says("a person please", DM)
    await until(lambda: len(cards(slack)) == 2)
    await slack.says("&gt;&gt; hello?", DESK, ANA, thread_ts=card["ts"])
    await until(lambda: slack.ephemeral)
    assert "This ticket is over" in slack.ephemeral[0]["text"]
    assert not [line for line in transcript(staffed) if line.text == "hello?"]


async def test_a_card_that_slack_took_without_saying_so_is_found(staffed: Database, slack: FakeSlack) -> None:
    await slack.says("hello")
    await until(lambda: slack.texts(DM))
    slack.faults.plan("chat.postMessage", "drop", "drop")
    await slack.says("a person please", DM)
    await until(lambda: cards(slack) and cards(slack)[0].get("updated"))
    await slack.says("are you there", DM)
    await until(
        lambda: cards(slack) and any("are you there" in one["text"] for one in in_thread(slack, cards(slack)[0]))
    )
    assert len(cards(slack)) == 1


async def test_a_stranger_links_once_by_signing_in_at_the_desk(
    card: dict[str, Any], slack: FakeSlack, desk: Database, gateway: str
) -> None:
    slack.names["U0CLEO"] = "cleo <b>"
    add_account(desk, "Cleo")
    await slack.interact(slack.press(DESK, dict(card), "Claim", "U0CLEO"))
    await until(lambda: slack.ephemeral)
    link = slack.ephemeral[0]["text"].split("<")[1].split("|")[0]
    token = parse_qs(urlsplit(link).query)["token"][0]
    async with httpx.AsyncClient(base_url=gateway, timeout=PATIENCE_SECONDS) as cleo:
        shown = await cleo.get("/desk/link/slack", params={"token": token})
        assert (shown.status_code, "cleo &lt;b&gt;" in shown.text) == (200, True)
        assert (await cleo.post("/desk/link/slack", data={"token": token})).status_code == 401
        await cleo.post("/api/session", json={"email": "cleo@shop.example", "password": PASSWORD})
        other = {"Origin": "https://evil.example"}
        assert (await cleo.post("/desk/link/slack", data={"token": token}, headers=other)).status_code == 410
        assert (await cleo.post("/desk/link/slack", data={"token": token + "0"})).status_code == 410
        assert (await cleo.post("/desk/link/slack", data={"token": token})).status_code == 200
        assert (await cleo.post("/desk/link/slack", data={"token": token})).status_code == 410
    await slack.interact(slack.press(DESK, dict(card), "Claim", "U0CLEO"))
    await until(lambda: "with Cleo" in card["text"])


def add_account(database: Database, name: str) -> str:
    email = f"{name.lower()}@shop.example"
    password = passwords.new_hash(PASSWORD)
    view = database.write_now(agents.add_agent, email, name, "agent", password, datetime.now(UTC))
    return view["id"]


def agent_id(database: Database, name: str) -> str:
    found = database.read_now(agents.by_email, f"{name.lower()}@shop.example")
    assert found is not None
    return found.id


def is_at_the_desk(session: Session, agent: str) -> None:
    now = datetime.now(UTC)
    agents.set_present(session, agent, True, now)
    open_desks.here(session, "another gateway", agent, now + timedelta(minutes=5))


def write_note(session: Session, name: str, text: str) -> None:
    """As the web desk writes it."""
    author = agents.by_email(session, f"{name.lower()}@shop.example")
    assert author is not None
    conversation = session.scalars(select(Conversation)).one()
    notes.write(session, conversation, author, secrets.token_hex(8), text, datetime.now(UTC))


def held_by(database: Database) -> str | None:
    def read(session: Any) -> str | None:
        conversation = session.scalars(select(Conversation)).one()
        return session.get_one(agents.Agent, conversation.agent_id).name if conversation.agent_id else None

    return database.read_now(read)


def notes_of(database: Database) -> list[str]:
    return database.read_now(lambda session: list(session.scalars(select(Note.text))))


def cards(slack: FakeSlack) -> list[dict[str, Any]]:
    return [one for one in slack.from_app(DESK) if "thread_ts" not in one]


def in_thread(slack: FakeSlack, card: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for one in slack.from_app(DESK) if one.get("thread_ts") == card["ts"]]


def buttons(card: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for block in card["blocks"] if block["type"] == "actions" for one in block["elements"]]


async def claim(slack: FakeSlack, card: dict[str, Any], user: str) -> None:
    await slack.interact(slack.press(DESK, dict(card), "Claim", user))
    await until(lambda: "with " in card["text"])


async def command(slack: FakeSlack, text: str, user: str, channel: str = DESK) -> str:
    """``/desk`` with these words; what only the user sees then."""
    status, answer = await slack.command(slack.command_fields("/desk", text, user, channel))
    assert (status, answer["response_type"]) == (200, "ephemeral")
    words: str = answer["text"]
    return words


def calls(slack: FakeSlack, card: dict[str, Any], user: str) -> list[dict[str, Any]]:
    return [one for one in in_thread(slack, card) if f"<@{user}>, this one is offered" in one["text"]]


def everybody_leaves(session: Session) -> None:
    session.execute(update(Agent).values(present=False, present_at=None))
