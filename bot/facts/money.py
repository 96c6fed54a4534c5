"""Sums of money: `$12`, "12.50 dollars", "40 bucks" -> 12.00 USD."""

import re

from bot.facts.fact import Fact, Text

NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d+(?:\.\d{1,2})?"
AMOUNT = re.compile(
    rf"(?P<sign>[$€£])\s?(?P<after>{NUMBER})(?![\d])"
    rf"|(?<![\w.])(?P<before>{NUMBER})\s?(?P<unit>dollars?|bucks?|usd|\$|euros?|eur|€|pounds?|quid|gbp|£)(?![A-Za-z])",
    re.IGNORECASE,
)
CURRENCIES = {"$": "USD", "d": "USD", "b": "USD", "u": "USD", "e": "EUR", "€": "EUR", "p": "GBP", "q": "GBP"}
POUND = "GBP"


def amounts(text: Text) -> list[Fact]:
    """Two decimals and the currency."""
    found = []
    for match in text.find(AMOUNT):
        text.take(match)
        number = (match["after"] or match["before"]).replace(",", "")
        currency = CURRENCIES.get((match["sign"] or match["unit"])[0].lower(), POUND)
        found.append(Fact("money", f"{float(number):.2f} {currency}", *match.span()))
    return found
