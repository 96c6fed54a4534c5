"""Did you mean: the likeliest things a misunderstood message could have been about, as buttons."""

from collections.abc import Mapping
from typing import Any

Button = dict[str, str]

MOST_BUTTONS = 3
LIKELY_ENOUGH = 0.06
LONGEST_TITLE = 60

TITLES = {
    "track_order": "Where is my order?",
    "cancel_order": "Cancel an order",
    "change_order": "Change an order",
    "change_shipping_address": "Change an order's address",
    "report_missing_package": "My parcel is missing",
    "report_damaged_item": "Something arrived damaged",
    "report_wrong_item": "I got the wrong thing",
    "get_invoice": "Get an invoice",
    "return_item": "Return something",
    "exchange_item": "Exchange for another size or colour",
    "get_refund": "Ask for a refund",
    "track_refund": "Where is my refund?",
    "complaint": "Make a complaint",
    "leave_review": "Leave a review",
    "talk_to_human": "Talk to a person",
}


def suggestions(parse_data: Mapping[str, Any]) -> list[Button]:
    """At most three buttons, likeliest first; empty when nothing was likely enough to be worth a guess."""
    guesses = [*task_guesses(parse_data), *faq_guesses(parse_data)]
    guesses.sort(key=lambda guess: guess[0], reverse=True)
    return [button for likelihood, button in guesses if likelihood >= LIKELY_ENOUGH][:MOST_BUTTONS]


def task_guesses(parse_data: Mapping[str, Any]) -> list[tuple[float, Button]]:
    """The ranked intents that start something, with their likelihood."""
    return [
        (float(ranked["confidence"]), {"title": TITLES[ranked["name"]], "payload": f"/{ranked['name']}"})
        for ranked in parse_data.get("intent_ranking") or []
        if ranked.get("name") in TITLES
    ]


def faq_guesses(parse_data: Mapping[str, Any]) -> list[tuple[float, Button]]:
    """The FAQ topics closest to the message, with their likelihood: `faq_alternatives`, else Rasa's own ranking."""
    alternatives = parse_data.get("faq_alternatives")
    if alternatives is None:
        alternatives = ranked_answers(parse_data)
    return [(float(topic["confidence"]), faq_button(topic)) for topic in alternatives]


def ranked_answers(parse_data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The response selector's ranking, weighed by how likely the message was a question at all."""
    likelihood = next(
        (ranked["confidence"] for ranked in parse_data.get("intent_ranking") or [] if ranked.get("name") == "faq"), 0.0
    )
    selected = ((parse_data.get("response_selector") or {}).get("faq") or {}).get("ranking") or []
    return [
        {"name": answer["intent_response_key"].removeprefix("faq/"), "confidence": answer["confidence"] * likelihood}
        for answer in selected
    ]


def faq_button(topic: Mapping[str, Any]) -> Button:
    """Titled with the topic's question when it has one, else with its name made readable."""
    name = str(topic["name"]).removeprefix("faq/")
    title = str(topic.get("question") or name.replace("_", " ").capitalize())
    shortened = title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1].rstrip() + "…"
    return {"title": shortened, "payload": f"/faq/{name}"}
