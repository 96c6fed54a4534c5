"""A yes or no that nothing was asked for."""

import pytest
from rasa_sdk import Action

from actions import outside_tasks
from actions.outside_tasks import HearNo, HearYes
from actions.shop.counter import Counter
from actions.shop.shop import ShopUnavailableError
from tests.unit.actions.conversation_with_the_bot import Talk

DONE = {"task": "exchange_item", "number": "FD-10180", "item": "oxford-shirt", "size": "L", "change": None}
SAID = [
    (HearYes(), "ok", "affirm", "utter_yes_to_what"),
    (HearNo(), "no thanks", "deny", "utter_all_right"),
]


async def no_counter() -> Counter:
    raise ShopUnavailableError


@pytest.fixture
def shop_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outside_tasks, "counter", no_counter)


@pytest.mark.parametrize(("action", "words", "intent", "answer"), SAID)
@pytest.mark.parametrize("done", [None, DONE])
def test_it_is_answered_while_the_shop_is_away(
    shop_is_away: None, done: dict[str, str] | None, action: Action, words: str, intent: str, answer: str
) -> None:
    talk = Talk(_last_done=done).maya(words, intent).run(action)
    assert (talk.responses, talk.followups) == ([answer], [])


@pytest.mark.parametrize(("action", "words", "intent", "answer"), SAID)
def test_beside_an_offer_of_a_person_nothing_more_is_said(
    shop_is_away: None, action: Action, words: str, intent: str, answer: str
) -> None:
    talk = Talk(_last_done=DONE, _decision={"outcome": "offered"}).maya(words, intent).run(action)
    assert talk.responses == []
