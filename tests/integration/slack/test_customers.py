"""Maya writes from Slack: direct messages, mentions, threads, buttons, edits."""

import asyncio

from handoff.database import Database
from tests.fake_rasa import FakeRasa
from tests.fakes.slack_server import FakeSlack
from tests.fakes.slack_workspace import ANA, BOT_USER, MAYA
from tests.integration.slack.records import conversations, transcript
from tests.running_gateway import until

DM = "D0MAYA"


async def test_a_direct_message_is_answered_where_it_was_asked(gateway: str, slack: FakeSlack) -> None:
    await slack.says("where is my order?")
    await until(lambda: slack.texts(DM))
    assert slack.texts(DM) == ["You said: where is my order?"]
    assert "thread_ts" not in slack.from_app(DM)[0]


async def test_a_mention_is_answered_in_a_thread_under_it_and_the_thread_goes_on_without_mentions(
    gateway: str, slack: FakeSlack, desk: Database
) -> None:
    asked = await slack.says(f"<@{BOT_USER}> what about R&amp;D at <https://shop.example/a|the shop>?", "C0SHOP")
    await until(lambda: slack.texts("C0SHOP"))
    await slack.says("and the lamp?", "C0SHOP", thread_ts=asked["ts"])
    await until(lambda: len(slack.texts("C0SHOP")) == 2)
    answers = slack.from_app("C0SHOP")
    assert {answer["thread_ts"] for answer in answers} == {asked["ts"]}
    assert answers[0]["text"] == "You said: what about R&amp;D at https://shop.example/a?"
    assert len(conversations(desk)) == 1


async def test_each_person_in_a_thread_has_a_conversation_of_their_own(
    gateway: str, slack: FakeSlack, desk: Database, rasa: FakeRasa
) -> None:
    asked = await slack.says(f"<@{BOT_USER}> buttons", "C0SHOP")
    await until(lambda: slack.texts("C0SHOP"))
    await slack.says("let us wait for it, Maya", "C0SHOP", ANA, thread_ts=asked["ts"])
    await slack.interact(slack.press("C0SHOP", dict(slack.from_app("C0SHOP")[0]), "The lamp", ANA))
    await until(lambda: slack.ephemeral)
    assert "for somebody else" in slack.ephemeral[0]["text"]
    await slack.says(f"<@{BOT_USER}> and me?", "C0SHOP", ANA, thread_ts=asked["ts"])
    await until(lambda: len(slack.texts("C0SHOP")) == 2)
    assert slack.from_app("C0SHOP")[1]["thread_ts"] == asked["ts"]
    assert len(conversations(desk)) == 2
    assert rasa.payloads == []
    await slack.interact(slack.press("C0SHOP", dict(slack.from_app("C0SHOP")[0]), "The lamp", MAYA))
    await until(lambda: rasa.payloads)


async def test_what_is_not_for_the_bot_is_left_alone(gateway: str, slack: FakeSlack, desk: Database) -> None:
    await slack.says("morning all", "C0SHOP")
    await slack.says("lunch?", "C0SHOP", thread_ts="1700000000.000001")
    await slack.says("I am a robot too", "C0SHOP", bot_id="B0OTHER")
    await slack.says("Maya has joined", subtype="channel_join")
    await slack.says("for you", "C0SHOP", user=BOT_USER)
    await slack.says("hello")
    await until(lambda: slack.texts(DM))
    assert [place for place, _ in conversations(desk)] == ["T0JUNIPER/D0MAYA/"]
    assert [line.text for line in transcript(desk)] == ["hello", "You said: hello"]


async def test_a_mention_told_as_mention_and_as_message_is_one_turn(
    gateway: str, slack: FakeSlack, rasa: FakeRasa
) -> None:
    event = slack.message(f"<@{BOT_USER}> hello", "C0SHOP")
    mention = {key: value for key, value in event.items() if key != "channel_type"} | {"type": "app_mention"}
    tellings = [slack.envelope(event), slack.envelope(mention)]
    assert {status for status, _ in await asyncio.gather(*map(slack.tell, tellings))} == {200}
    await until(lambda: slack.texts("C0SHOP"))
    await slack.says("bye")
    await until(lambda: slack.texts(DM))
    assert sum(rasa.asked.values()) == 2
    assert len(slack.texts("C0SHOP")) == 1


async def test_a_repeated_event_is_one_turn(gateway: str, slack: FakeSlack, rasa: FakeRasa) -> None:
    envelope = slack.envelope(slack.message("hello"))
    for again in range(3):
        status, _ = await slack.tell(
            envelope, **{"X-Slack-Retry-Num": str(again), "X-Slack-Retry-Reason": "http_timeout"}
        )
        assert status == 200
    await slack.says("bye")
    await until(lambda: len(slack.texts(DM)) == 2)
    assert slack.texts(DM) == ["You said: hello", "You said: bye"]


async def test_a_button_is_pressed_once_and_retired(gateway: str, slack: FakeSlack, rasa: FakeRasa) -> None:
    await slack.says("buttons")
    await until(lambda: slack.texts(DM))
    question = slack.from_app(DM)[0]
    press = slack.press(DM, dict(question), "The lamp")
    assert press["actions"][0]["value"].startswith("b_")
    await asyncio.gather(slack.interact(press), slack.interact(press))
    await until(lambda: len(slack.texts(DM)) == 2 and question.get("updated"))
    assert rasa.payloads == ['/inform{"item": "lamp"}']
    assert not [block for block in question["blocks"] if block["type"] == "actions"]
    assert "You chose: *The lamp*" in str(question["blocks"])


async def test_a_button_of_another_conversation_says_nothing_here(
    gateway: str, slack: FakeSlack, rasa: FakeRasa
) -> None:
    await slack.says("buttons")
    await until(lambda: slack.texts(DM))
    stolen = slack.press("D0BEN", dict(slack.from_app(DM)[0]), "The lamp", user="U0BEN")
    status, _ = await slack.interact(stolen)
    assert status == 200
    await slack.says("hello", "D0BEN", "U0BEN")
    await until(lambda: slack.texts("D0BEN"))
    assert rasa.payloads == []


async def test_an_edit_is_shown_as_an_edit_and_not_answered_again(
    gateway: str, slack: FakeSlack, rasa: FakeRasa, desk: Database
) -> None:
    said = await slack.says("order 10421")
    await until(lambda: slack.texts(DM))
    await slack.tell(slack.envelope(slack.edited(said, "order 10412")))
    await slack.tell(slack.envelope(slack.edited(said, "order 10421")))  # only a preview of a link was added
    first = transcript(desk)[0]
    assert (first.text, first.edited_at is not None) == ("order 10412", True)
    await slack.tell(slack.envelope(slack.deleted(said)))
    assert transcript(desk)[0].text == "(deleted by the customer)"
    assert sum(rasa.asked.values()) == 1


async def test_the_customers_name_is_looked_up_once(gateway: str, slack: FakeSlack, desk: Database) -> None:
    await slack.says("hello")
    await until(lambda: (transcript(desk) or [None])[0] and transcript(desk)[0].name == "Maya Lindqvist")
    await slack.says("me again")
    await until(lambda: len(slack.texts(DM)) == 2)
    assert transcript(desk)[2].name == "Maya Lindqvist"
    assert slack.calls["users.info"] == 1


async def test_the_command_asks_for_a_person_in_direct_messages(gateway: str, slack: FakeSlack, rasa: FakeRasa) -> None:
    fields = slack.command_fields("/human", "the lamp broke")
    status, answer = await slack.command(fields)
    assert (status, answer["response_type"]) == (200, "ephemeral")
    await slack.command(fields)
    await until(lambda: slack.texts(DM))
    assert not rasa.asked
    assert len(slack.texts(DM)) == 1


async def test_a_command_that_cannot_open_direct_messages_says_so(gateway: str, slack: FakeSlack) -> None:
    slack.faults.plan("conversations.open", "500")
    _, answer = await slack.command(slack.command_fields("/human"))
    assert "didn't work" in answer["text"]


async def test_words_that_look_like_slacks_own_call_nobody(gateway: str, slack: FakeSlack) -> None:
    await slack.says("&lt;!channel&gt; &amp; &lt;@U0ANA&gt;")
    await until(lambda: slack.texts(DM))
    assert slack.texts(DM) == ["You said: &lt;!channel&gt; &amp; &lt;@U0ANA&gt;"]


async def test_a_long_reply_goes_out_in_pieces_that_end_with_a_sentence(gateway: str, slack: FakeSlack) -> None:
    sentence = "This is one of very many sentences & it is rather long. "
    await slack.says(sentence.replace("&", "&amp;") * 70)
    await until(lambda: " ".join(slack.texts(DM)).count("rather long.") == 70)
    assert all(len(piece) <= 3000 and piece.endswith(".") for piece in slack.texts(DM))


async def test_a_file_without_words_is_kept_and_acknowledged(gateway: str, slack: FakeSlack, desk: Database) -> None:
    file = {"id": "F0LAMP", "name": "lamp.jpg", "title": "lamp.jpg", "mimetype": "image/jpeg", "size": 3}
    slack.files["F0LAMP"] = ("lamp.jpg", "image/jpeg", b"\xff\xd8\xff")
    await slack.says("", subtype="file_share", files=[file])
    await until(lambda: slack.texts(DM))
    await until(lambda: transcript(desk)[0].files[0]["state"] == "kept")
    assert transcript(desk)[0].text == "lamp.jpg"
    assert transcript(desk)[0].files[0]["title"] == "lamp.jpg"


async def test_a_file_that_slack_keeps_elsewhere_is_not_fetched(gateway: str, slack: FakeSlack, desk: Database) -> None:
    slack.files["F0TRAP"] = ("lamp.jpg", "image/jpeg", b"")
    slack.file_host = "http://127.0.0.1:1"
    await slack.says("look", files=[{"id": "F0TRAP", "name": "lamp.jpg", "mimetype": "image/jpeg", "size": 3}])
    await until(lambda: transcript(desk)[0].files[0]["state"] == "lost")
    assert slack.calls["files.info"] == 1


async def test_an_assistants_thread_shows_that_an_answer_is_being_written(
    gateway: str, slack: FakeSlack, rasa: FakeRasa
) -> None:
    rasa.mode = "waits"
    await slack.says("hello", thread_ts="1700000000.000001")
    await until(lambda: slack.statuses)
    rasa.go_on()
    await until(lambda: slack.texts(DM))
    assert slack.statuses[0]["thread_ts"] == "1700000000.000001"
    assert slack.from_app(DM)[0]["thread_ts"] == "1700000000.000001"


async def test_two_people_do_not_share_a_conversation(gateway: str, slack: FakeSlack) -> None:
    await asyncio.gather(slack.says("one", DM, MAYA), slack.says("two", "D0ANA", ANA))
    await until(lambda: slack.texts(DM) and slack.texts("D0ANA"))
    assert (slack.texts(DM), slack.texts("D0ANA")) == (["You said: one"], ["You said: two"])
