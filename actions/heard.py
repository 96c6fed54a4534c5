"""What one message said, beside its intent: which number is the order, which the postcode, which item was meant.

The bot's extractors find the entities; which of two five-digit numbers is which depends on what had been asked.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from rasa_sdk import Tracker

from actions.phrases import further_number, mistaken_numbers, postcode_at_end
from actions.postal_address import parse_address, postcode_meant, postcode_put_right
from actions.shop.model import Address, Item
from actions.turn import before_this_message, said_since_asked

ALL_ITEMS = "all"

_ORDER_NUMBER = re.compile(r"FD-\d{5}")
_FIVE_DIGITS = re.compile(r"\s*(\d{5})\s*\.?\s*")
_NUMBER_MEANT = re.compile(r"\b(meant?|order|number|typo|mistyped|fd)\b|#", re.IGNORECASE)
_POSTCODE_MEANT = re.compile(r"\b(zip|post ?code|postal)\b", re.IGNORECASE)
_CODE = re.compile(r"(?<!\d)(\d{3})[ -]?(\d{3})(?!\d)")
_YES = re.compile(r"\s*(yes|yeah|yep|yup|sure|ok|okay|please do|go ahead|do it|correct)\b", re.IGNORECASE)
_EVERYTHING = re.compile(r"\b(both|all|everything|the lot|whole order|entire order|each)\b", re.IGNORECASE)
_ORDINALS = {"first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2}
_RESEND = re.compile(
    r"\b(again|resend|new code|another code|no code|not (?:arrived|come|got)|didn'?t (?:get|come|arrive))\b", re.I
)
_RATHER_THAN = re.compile(r"\w\W+(?:rather than|instead of|not|and not|(?:and )?no longer)\b", re.IGNORECASE)
_EXCEPTS = re.compile(
    r"\b(?:not|except(?: for)?|excluding|(?:all|everything|both|each)(?: of (?:it|them))? (?:but|without)|but not|instead of"
    r"|rather than|apart from|other than|keep(?:ing)?"
    r"|(?:not|don'?t|do not) (?:(?:want|need|mean|like) to )?(?:return|send|exchange|refund|take|remove)(?: back)?)"
    r"\s+(?:(?:the|my|that|those|this|these|for)\s+)*",
    re.IGNORECASE,
)
"""What comes before the name of a thing that isn't meant."""
_FILLERS = set(
    re.findall(
        r"\w+", "it s its is the a my and or sorry sure ok order number no fd email e mail address zip code postcode"
    )
)
_SMALL_WORDS = {"in", "the", "a", "set", "of", "and", "size"}
_WORD_IN_LIST = re.compile(r"(?:(?:(?:or|nor|and)(?: the| my)?|in|of)\s+)?(?P<name>[a-z0-9]+)")


@dataclass(frozen=True, slots=True)
class Heard:
    """One customer message. `number` and `contact` take what had been asked into account."""

    intent: str
    text: str
    number: str | None
    contact: str | None
    address: Address | None
    entities: dict[str, str]
    """The last value of each of the button's or extractors' entities."""
    confidence: float = 1.0
    """Of the intent, from 0 to 1."""

    @property
    def is_button(self) -> bool:
        return self.text.startswith("/")

    @property
    def is_bare_fact(self) -> bool:
        """Nothing but a number, an e-mail or a postcode: whatever intent such a message seems to have is a guess."""
        words = re.sub(r"\S*[@\d]\S*", " ", self.text.lower())
        return not self.is_button and set(re.findall(r"[a-z]+", words)) <= _FILLERS

    @property
    def says_yes(self) -> bool:
        return bool(_YES.match(self.text))

    @property
    def is_question(self) -> bool:
        return self.text.rstrip().endswith("?")

    @property
    def wants_code_again(self) -> bool:
        return self.entities.get("code") == "again" or bool(_RESEND.search(self.text))

    @property
    def code(self) -> str | None:
        found = _CODE.search(self.text)
        return "".join(found.groups()) if found else None

    def item(self, items: Sequence[Item]) -> str | None:
        """The sku that the message names, `ALL_ITEMS`, or None when it names none or could mean several."""
        if "item" in self.entities:
            return self.entities["item"]
        if (_EVERYTHING.search(self.text) and not excepts(self.text, items)) or names_all(self.text, items):
            return ALL_ITEMS
        words = _words(self.text)
        by_place = [place for word, place in _ORDINALS.items() if word in words]
        if by_place and by_place[0] < len(items):
            return items[by_place[0]].sku
        return named_item(self.text, items) or all_but(self.text, items)


def hear(tracker: Tracker, requested: str | None, message: dict[str, Any] | None = None) -> Heard:
    """Read the tracker's latest message, or another as parsed, as an answer to the slot that was `requested`."""
    message = tracker.latest_message if message is None else message
    text = message.get("text") or ""
    found: list[dict[str, Any]] = message.get("entities") or []
    address = None if text.startswith("/") else parse_address(text)
    asked = [order_asked_about(request["text"], text) for request in message.get("requests") or []]
    found = _without_mistaken(found, text)
    found = _of_first_order(found, {number for number in (*asked, further_number(text)) if number})
    number, contact = _number_and_contact(
        text, found, requested, _postcode_of_address(tracker, requested, text, address)
    )
    return Heard(
        intent=(message.get("intent") or {}).get("name") or "",
        text=text,
        number=number,
        contact=contact,
        address=address,
        entities=_last_values(found) | _wanted_size(text, found),
        confidence=float((message.get("intent") or {}).get("confidence") or 0.0),
    )


def _postcode_of_address(tracker: Tracker, requested: str | None, text: str, address: Address | None) -> str:
    """The digits that only say where an order should go, or are a code cut short; its own address proves an order."""
    if address:
        proves = requested == "contact" and tracker.get_slot("task") != "change_shipping_address"
        return "" if proves else address.postcode
    if requested == "_code" and (cut_short := five_digits(text)):
        return cut_short
    if requested == "new_address" and (meant := postcode_meant(text, said_since_asked(tracker, requested)[:-1])):
        return meant
    asked = requested in {"new_address", "confirmed", "_code"}
    of_address = asked and before_this_message(tracker, "task") == "change_shipping_address"
    return (postcode_put_right(text) or "") if of_address else ""


def _last_values(found: Sequence[dict[str, Any]]) -> dict[str, str]:
    return {entity["entity"]: str(entity["value"]) for entity in found}


def _wanted_size(text: str, found: Sequence[dict[str, Any]]) -> dict[str, str]:
    """Of several sizes the first, where the others are named as what isn't wanted: "a small rather than a medium"."""
    sizes = [str(entity["value"]) for entity in found if entity["entity"] == "size"]
    return {"size": sizes[0]} if len(sizes) > 1 and _RATHER_THAN.search(text) else {}


def named_item(text: str, items: Sequence[Item]) -> str | None:
    """The sku of the one item whose name is in the text."""
    named = named_items(text, items)
    return named[0] if len(named) == 1 else None


def names_all(text: str, items: Sequence[Item]) -> bool:
    """Whether the text names each of several items: "the trousers and the throw"."""
    return len(named_items(text, items)) == len(items) > 1


def named_items(text: str, items: Sequence[Item]) -> list[str]:
    """The skus of the items whose names are in the text, those apart that it says are not meant."""
    words = set(_meant_and_excepted(text, items)[0])
    return [item.sku for item in items if _names(words, item)]


def sizes_by_item(message: dict[str, Any], items: Sequence[Item]) -> dict[str, str] | None:
    """The size said right after each item's name, by sku: "trousers to M, throw to L".

    An item that none follows is left out, as all are if a size is said before any name. None unless the message, as
    parsed, names several items and several sizes.
    """
    text = str(message.get("text") or "")
    sizes = [found for found in message.get("entities") or [] if found["entity"] == "size" and "start" in found]
    if len(sizes) < 2 or len(named_items(text, items)) < 2:
        return None
    places: list[tuple[int, str | None, str]] = [(found["start"], None, str(found["value"])) for found in sizes]
    for word in re.finditer(r"[a-z]+", text.lower()):
        places += [(word.start(), item.sku, "") for item in items if _names({word[0]}, item)]
    by_item: dict[str, str] = {}
    last: str | None = None
    for _, sku, size in sorted(places, key=lambda place: place[0]):
        if sku is None and last is None and not by_item:
            return {}
        if sku is None and last is not None:
            by_item.setdefault(last, size)
        last = sku
    return by_item


def excepts(text: str, items: Sequence[Item]) -> list[str]:
    """The skus of the items that the text says are not meant: "all but the throw", "the trousers, not the throw"."""
    words = set(_meant_and_excepted(text, items)[1])
    return [item.sku for item in items if _names(words, item)]


def all_but(text: str, items: Sequence[Item]) -> str | None:
    """The sku of the one item that is left when the text only says which are not meant."""
    excepted = excepts(text, items)
    left = [item.sku for item in items if item.sku not in excepted]
    return left[0] if excepted and len(left) == 1 and not named_items(text, items) else None


def five_digits(text: str) -> str | None:
    """The five digits that are all there is to the text: an order number without its letters, or a postcode."""
    found = _FIVE_DIGITS.fullmatch(text)
    return found[1] if found else None


def order_number_in(text: str) -> str | None:
    """The order number in a clause: five digits of their own, with or without letters in front."""
    found = re.search(r"(?<!\d)\d{5}(?!\d)", text)
    return f"FD-{found[0]}" if found else None


def order_asked_about(clause: str, message: str) -> str | None:
    """The order number in one clause of a message, unless what it has is the postcode that ends the message."""
    number = order_number_in(clause)
    return None if number and number[3:] == postcode_at_end(message) else number


def _without_mistaken(found: list[dict[str, Any]], text: str) -> list[dict[str, Any]]:
    """Without the numbers that the message itself puts right: "10421, oh wait, 10412"."""
    mistaken = mistaken_numbers(text)
    return [entity for entity in found if str(entity["value"]).removeprefix("FD-") not in mistaken]


def _of_first_order(found: Sequence[dict[str, Any]], asked: set[str]) -> list[dict[str, Any]]:
    """Without the further orders that are `asked` about: the second of two numbers is not the first one's postcode."""
    numbers = [entity["value"] for entity in found if entity["entity"] == "order_number"]
    further = asked - set(numbers[:1])
    return [entity for entity in found if entity["value"] not in further | {number[3:] for number in further}]


def _number_and_contact(
    text: str, found: Sequence[dict[str, Any]], requested: str | None, ignored: str
) -> tuple[str | None, str | None]:
    """`ignored` is the postcode of an address that the text gives."""
    emails, postcodes, numbers = (_values(found, kind, ignored) for kind in ("email", "postcode", "order_number"))
    numbers = [number for number in numbers if _ORDER_NUMBER.fullmatch(number)]
    if requested == "contact" and (only := five_digits(text)):
        return None, only
    # Five digits that could be either: an order number, unless the postcode had been asked for.
    if requested == "contact" and _NUMBER_MEANT.search(text) and not _POSTCODE_MEANT.search(text):
        postcodes = [postcode for postcode in postcodes if f"FD-{postcode}" not in numbers]
    elif requested == "contact":
        numbers = [number for number in numbers if number[3:] not in postcodes]
    else:
        postcodes = [postcode for postcode in postcodes if f"FD-{postcode}" not in numbers]
    if len(numbers) > 1 and not emails and not postcodes:
        postcodes = [number[3:] for number in numbers[1:]]
    return next(iter(numbers), None), next(iter([*emails, *postcodes]), None)


def _values(found: Sequence[dict[str, Any]], kind: str, ignored: str) -> list[str]:
    values = [str(entity["value"]) for entity in found if entity["entity"] == kind]
    return list(dict.fromkeys(value for value in values if not ignored or ignored not in value))


def _words(text: str) -> set[str]:
    return set(_list_of_words(text))


def _list_of_words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower())


def _meant_and_excepted(text: str, items: Sequence[Item]) -> tuple[list[str], list[str]]:
    """The words of the text, and of them those that name an item right after "not", "except" and the like."""
    meant, excepted = [], []
    end = 0
    for found in _EXCEPTS.finditer(text := text.lower().replace("’", "'")):
        name = _name_at_start(text[found.end() :], items)
        meant += _list_of_words(text[end : found.start()])
        excepted += _list_of_words(name)
        end = found.end() + len(name)
    return [*meant, *_list_of_words(text[end:])], excepted


def _name_at_start(text: str, items: Sequence[Item]) -> str:
    """As much of the text's beginning as names items: "throw or the trousers" of "throw or the trousers please"."""
    end = 0
    for word in _WORD_IN_LIST.finditer(text):
        if text[end : word.start()].strip():
            break
        if any(_names({word["name"]}, item) for item in items):
            end = word.end()
    return text[:end]


def _names(words: set[str], item: Item) -> bool:
    """Whether any telling word of the item's name was said, typing slips forgiven."""
    telling = [word for word in re.findall(r"[a-z]+", item.name.lower()) if word not in _SMALL_WORDS]
    return any(get_close_matches(word, words, n=1, cutoff=0.82) for word in telling)
