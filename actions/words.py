"""How facts are said: dates, money, masked addresses, lists."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from actions.shop.model import Item


def day(at: datetime | None) -> str:
    return f"{at:%A} {at.day} {at:%B}" if at else "a day we don't know yet"


def money(amount: Decimal) -> str:
    return f"${amount:,.2f}"


def masked_email(email: str) -> str:
    """`maya@example.com` becomes `m•••@example.com`."""
    name, _, domain = email.partition("@")
    return f"{name[:1]}•••@{domain}"


def listed(items: Sequence[object]) -> str:
    words = [str(item) for item in items]
    return " and ".join(words) if len(words) < 3 else f"{', '.join(words[:-1])} and {words[-1]}"


def the(items: Sequence[Item]) -> str:
    """Names in the middle of a sentence, as the shop writes them: `the Oxford shirt in white, size M`."""
    return listed([f"the {item}" for item in items])
