"""Facts that customers write in many ways, each found by rule and given in one spelling."""

from datetime import date

from bot.facts.contacts import emails, phones
from bot.facts.dates import dates
from bot.facts.fact import Fact, Text
from bot.facts.money import amounts
from bot.facts.numbers import order_numbers_and_postcodes
from bot.facts.reasons import return_reasons
from bot.facts.sizes import sizes

__all__ = ["Fact", "find_facts"]


def find_facts(written: str, today: date) -> list[Fact]:
    """Facts in the order they are written. What one finder has read, the next does not read again."""
    text = Text(written)
    found = emails(text)
    phones(text)  # no entity: only kept from passing for an order number
    found += amounts(text)
    found += dates(text, today)
    found += order_numbers_and_postcodes(text)
    found += sizes(text)
    found += return_reasons(text)
    return sorted(found, key=lambda fact: fact.start)
