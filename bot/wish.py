"""What a message wants, without its numbers and addresses: "refund 10457, 94107" asks what "refund my order" asks.

The model would otherwise hear an answer in every message that carries a fact.
"""

import re

from bot.facts.contacts import emails
from bot.facts.fact import Text
from bot.facts.numbers import order_numbers_and_postcodes

ORDER = "my order"
# What leads to a fact goes with it: "order number #10412", "and my zip is 94107".
BEFORE_ORDER = re.compile(r"(?:\b(?:the|my)\s+)?(?:\border\b)?(?:\s*\b(?:number|no|nr)\b\.?)?[\s#:]*$", re.IGNORECASE)
BEFORE_CONTACT = re.compile(
    r"[\s,;(–-]*(?:\b(?:and|with|by)\s+)?(?:\b(?:the|my|under)\s+)*"
    r"(?:\b(?:e-?mail|mail|zip|post\s?code)\b(?:\s+(?:address|code))*(?:\s+is)?)?[\s:,(]*$",
    re.IGNORECASE,
)
GAP = re.compile(r"\s+(?=[\s,.;:?!])")
DANGLING = re.compile(r"^[\s,;:]+|(?:[\s,;:]|\band\b|&)+$")
WORD = re.compile(r"[a-z']+", re.IGNORECASE)
# Words that give or put right a fact and want nothing: "sorry, I meant 10412".
GIVING = set(
    re.findall(
        r"\S+",
        "a actually address am and at be but by code correct e email from guess have here hm i i'm i've is it it's its "
        "mail mean meant mistyped my no not number of oh ok one or order other please post postcode rather right should "
        "so sorry sure that that's the there think this to try typed typo under used was well with work wrong yes you "
        "your zip wait placed made said instead",
    )
)


def wish_in(written: str) -> str:
    """The message with its first order number as "my order", further numbers, e-mails and postcodes left out.

    A message that only gives facts stays as it is.
    """
    text = Text(written)
    facts = sorted(emails(text) + order_numbers_and_postcodes(text), key=lambda fact: fact.start)
    wish, at, orders = "", 0, 0
    for fact in facts:
        if fact.start < at:
            continue  # five digits that could be either are found twice
        is_order = fact.entity == "order_number"
        before = written[at : fact.start]
        first = is_order and not orders
        wish += (BEFORE_ORDER if is_order else BEFORE_CONTACT).sub(f" {ORDER} " if first else " ", before, count=1)
        orders += is_order
        at = fact.end
    wish = DANGLING.sub("", GAP.sub("", wish + written[at:]))
    return wish if set(WORD.findall(wish.lower())) - GIVING else written
