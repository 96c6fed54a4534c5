"""Not understood: suggest, then offer a person, then hand over. A message that is understood starts the count again."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.after_task import after_task
from actions.handoff import Events, carry_on, decision, in_form, said_no_lately
from actions.heard import hear
from actions.languages import english_only, foreign_language
from actions.shop.counter import counter
from actions.shop.shop import ShopUnavailableError
from actions.suggestions import suggestions
from actions.transcript import misses_before_this_turn, turns
from actions.turn import Turn

OFFER_AT = 2
ESCALATE_AT = 3
IN_FORM = {1: "utter_not_understood_in_form", OFFER_AT: "utter_not_understood_in_form_again"}
DECLINED_IN_FORM = "utter_out_of_scope_in_task"
DECLINED_TWICE = "The customer asked twice in a row for something the bot could not help with."


class ActionClarify(Action):
    """Answers a message whose meaning was not clear."""

    def name(self) -> str:
        return "action_clarify"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """The first miss in a row asks again with suggestions, the second offers a person, the third fetches one.

        While a no to a person still counts, none is fetched: what was said no to stays one word away.
        """
        if (about_task := await heard_after_task(dispatcher, tracker)) is not None:
            return about_task
        misses = len(misses_before_this_turn(turns(tracker.events))) + 1
        if misses >= ESCALATE_AT and not said_no_lately(tracker):
            return [SlotSet("_must_escalate", "not_understood"), FollowupAction("action_escalate")]
        if in_form(tracker):
            dispatcher.utter_message(response=IN_FORM[min(misses, OFFER_AT)])
        elif say_english_only(dispatcher, tracker):
            pass
        elif misses >= OFFER_AT:
            return [SlotSet("offer_reason", "not_understood"), FollowupAction("action_offer_human")]
        else:
            ask_again(dispatcher, tracker)
        return carry_on(tracker)


class ActionDefaultFallback(ActionClarify):
    """Rasa's own name for "no rule knows what to do now": to the customer, the same thing."""

    def name(self) -> str:
        return "action_default_fallback"


class ActionDecline(Action):
    """Answers what no shop can help with. It may be a joke, or a plain wish that was misread."""

    def name(self) -> str:
        return "action_decline"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Every second time in a row it offers a person too; it never fetches one, since jokers would fill the queue."""
        if (about_task := await heard_after_task(dispatcher, tracker)) is not None:
            return about_task
        misses = len(misses_before_this_turn(turns(tracker.events))) + 1
        if in_form(tracker):
            dispatcher.utter_message(response=DECLINED_IN_FORM if misses < OFFER_AT else IN_FORM[OFFER_AT])
            return carry_on(tracker)
        if say_english_only(dispatcher, tracker) or decision(tracker).get("outcome") == "offered":
            return carry_on(
                tracker
            )  # the one has its own button for a person; the offer was said just now, and is enough
        if number := next(tracker.get_latest_entity_values("order_number"), None):
            # Whatever it says, in whatever language, it may be about an order of ours.
            dispatcher.utter_message(response="utter_which_task", number=number)
        else:
            # With an offer to follow, its buttons are enough.
            dispatcher.utter_message(response="utter_out_of_scope" if misses % OFFER_AT else "utter_out_of_scope_again")
        if misses % OFFER_AT:
            return carry_on(tracker)
        return [SlotSet("offer_reason", DECLINED_TWICE), FollowupAction("action_offer_human")]


async def heard_after_task(dispatcher: CollectingDispatcher, tracker: Tracker) -> Events | None:
    """The answer to words that are about what was done last ("oops, undo that"), though no model knows them; else None."""
    if in_form(tracker) or not tracker.get_slot("_last_done"):
        return None
    try:
        turn = Turn(dispatcher, tracker, await counter())
        heard = await after_task(turn, hear(tracker, None))
    except ShopUnavailableError:
        return None  # it isn't understood, then: that needs no shop
    return turn.events if heard else None


def say_english_only(dispatcher: CollectingDispatcher, tracker: Tracker) -> bool:
    """Says so to a line in another language; False for one in English."""
    language = foreign_language(str(tracker.latest_message.get("text") or ""))
    if language is None:
        return False
    dispatcher.utter_message(response=english_only(language))
    return True


def ask_again(dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
    """Asks for other words, with the likeliest meanings to pick from when there are any."""
    buttons = suggestions(tracker.latest_message)
    if buttons:
        dispatcher.utter_message(response="utter_did_you_mean", buttons=buttons)
    else:
        dispatcher.utter_message(response="utter_not_understood")
