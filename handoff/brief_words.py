"""The brief's words for what the bot calls by name: reasons, wishes and questions."""

from collections.abc import Mapping

ORDERS_UNAVAILABLE = "The shop does not answer, so the orders can't be shown right now."
NOT_VERIFIED = (
    "The customer has not proved an order to be theirs yet: order number and e-mail or postcode are both needed."
)

REASONS: Mapping[str, str] = {
    "asked": "They asked for a person",
    "frustrated": "They are upset with how this is going",
    "not_understood": "The bot did not understand them, more than once",
    "complex": "It is more than the bot can do",
    "complaint": "They want to lodge a complaint",
    "safety": "It may be about somebody's safety",
    "legal": "The customer speaks of legal steps",
    "vulnerable": "They may need more care than a bot can give",
    "policy": "The shop's rules say that a person decides",
    "shop_error": "The shop's systems failed the bot",
    "bot_error": "The bot failed",
    "not_worked": "What was done has not worked",
    "stepped_in": "An agent stepped in before they asked",
}

WISHES: Mapping[str, str] = {
    "track_order": "wants to know where an order is",
    "cancel_order": "wants to cancel an order",
    "change_order": "wants to change an order",
    "change_shipping_address": "wants an order sent to another address",
    "report_missing_package": "says that a parcel has not arrived",
    "report_damaged_item": "says that something arrived damaged",
    "report_wrong_item": "says that the wrong thing arrived",
    "get_invoice": "wants an invoice",
    "return_item": "wants to return something",
    "exchange_item": "wants to exchange something",
    "get_refund": "wants their money back",
    "track_refund": "wants to know where a refund is",
    "complaint": "wants to complain",
    "leave_review": "wants to leave a review",
}

QUESTIONS: Mapping[str, str] = {
    "order_number": "Order number",
    "contact": "E-mail or postcode on the order",
    "email": "E-mail on the order",
    "postcode": "Postcode of the order",
    "item": "Which item",
    "return_reason": "Why it goes back",
    "size": "Size wanted instead",
    "change": "What to change",
    "new_address": "New address",
    "remedy": "What they would like for it",
    "confirmed": "Agreed to go ahead",
}

INNER_SLOTS = frozenset(
    {
        "paused_task",
        "last_contact",
        "contact_tries",
        "misses",
        "code",
        "code_sent",
        "offer_reason",
        "session_started_metadata",
    }
)
"""Bookkeeping of the bot, and one-time codes: nothing an agent needs to read."""


NAMES_OF_THE_BOT = frozenset({"task", "item", "return_reason", "change"})
"""Slots whose values are the bot's names, like `wool-throw`, rather than the customer's words."""


def reason(name: str) -> str:
    """Why a person is needed."""
    return REASONS.get(name, _plain(name).capitalize())


def value(slot: str, text: str) -> str:
    """What the bot noted down, as an agent reads it: "wool throw"."""
    return _plain(text) if slot in NAMES_OF_THE_BOT else text


def wish(intent: str | None, faq: str | None) -> str | None:
    """What the customer is after, to follow "The customer"; None for greetings, thanks and the like."""
    if faq:
        return f"asked about {_plain(faq.removeprefix('faq/'))}"
    return WISHES.get(intent or "")


def help_given(intent: str | None, faq: str | None) -> str | None:
    """What the bot did about it, in a few words."""
    if faq:
        return f"Answered a question about {_plain(faq.removeprefix('faq/'))}"
    if intent in WISHES:
        return f"Took up: {_plain(intent or '')}"
    return None


def _plain(name: str) -> str:
    return name.replace("_", " ").replace("-", " ")
