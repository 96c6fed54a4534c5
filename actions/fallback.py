"""Not understood: suggest, then offer a person, then hand over. A message that is understood starts the count again."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.handoff import Events, carry_on, in_form
from actions.suggestions import suggestions
from actions.transcript import misses_before_this_turn, turns

OFFER_AT = 2
ESCALATE_AT = 3
IN_FORM = {1: "utter_not_understood_in_form", OFFER_AT: "utter_not_understood_in_form_again"}


class ActionClarify(Action):
    """Answers a message whose meaning was not clear."""

    def name(self) -> str:
        return "action_clarify"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """The first miss in a row asks again with suggestions, the second offers a person, the third fetches one."""
        misses = len(misses_before_this_turn(turns(tracker.events))) + 1
        if misses >= ESCALATE_AT:
            return [SlotSet("_must_escalate", "not_understood"), FollowupAction("action_escalate")]
        if in_form(tracker):
            dispatcher.utter_message(response=IN_FORM[misses])
        elif misses == OFFER_AT:
            return [SlotSet("offer_reason", "not_understood"), FollowupAction("action_offer_human")]
        else:
            ask_again(dispatcher, tracker)
        return carry_on(tracker)


class ActionDefaultFallback(ActionClarify):
    """Rasa's own name for "no rule knows what to do now": to the customer, the same thing."""

    def name(self) -> str:
        return "action_default_fallback"


def ask_again(dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
    """Asks for other words, with the likeliest meanings to pick from when there are any."""
    buttons = suggestions(tracker.latest_message)
    if buttons:
        dispatcher.utter_message(response="utter_did_you_mean", buttons=buttons)
    else:
        dispatcher.utter_message(response="utter_not_understood")
