"""Hears whether words right after a low rating say what was wrong with the service. English; never raises."""

import re
from typing import Final

_SERVICE: Final = re.compile(
    r"""
    \b(?: agents? | bot | fern | (?:customer\ )?service | support | staff | chat | (?:one|two|three|\d)\ stars? | rating
      | help(?:ed|ful)\b | unhelpful | no\ help | rude(?:ly|ness)? | (?:im)?polite | friendly | kind
      | answer(?:s|ed)? | repl(?:y|ies|ied) | respon(?:se|ses|ded) | explain(?:ed)? | understood | listen(?:ed)?
      | waited | had\ to\ wait | (?:the|a|long)\ wait | took\ (?:ages|forever|hours|days|(?:so|too|very)\ long)
    )\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""Only what names the service, or speaks of an answer or of the wait for one, is about the rating for sure."""
_OTHERWISE: Final = re.compile(
    r"""
    \?|@|\d{5}|^\s*/
    | \b(?: please | pls | need(?:s|ed)? | want(?:s|ed)? | (?:would|'d)\ like | (?:can|could|would|will|may)\ (?:you|i|we|some\w+)
      | (?:call|contact|email|write|tell|give|get|help)\ (?:me|us)\b(?!\ an\ answer) | let\ me | still | again | waiting\ for
      | orders? | ordered | parcels? | packages? | deliver\w* | shipping | shipped | couriers? | drivers? | arriv\w+ | labels?
      | refund\w* | money | cards? | bank | charg\w+ | paid | pay | payments? | cancel\w* | return\w* | exchang\w+ | dispute\w*
      | items? | products? | sizes? | broken | broke | damaged | faulty | missing | lost | stolen | fraud | scam\w*
      | account | password | police | unsafe | scared | threat\w* | harass\w* | discriminat\w+ | racis\w+ | sexis\w+
      | (?:my|our)\ (?!questions?\b|problems?\b|messages?\b|time\b|rating\b|opinion\b|chat\b)
    )
    | ^\W*(?:hi|hello|hey|thanks?|thx|ty|thank\ you|never\ ?mind)\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""A question, a request, an order number, a command or trouble of any other kind is for the bot, whatever stands beside it."""
_FEWEST_WORDS: Final = 2
_MOST_WORDS: Final = 25


def reads_as_comment(text: str) -> bool:
    """In doubt it is none: what the bot is asked it answers, and a comment can still be added with the button."""
    plain = " ".join(text.replace("’", "'").split())
    if not _FEWEST_WORDS <= len(plain.split()) <= _MOST_WORDS:
        return False
    return bool(_SERVICE.search(plain)) and not _OTHERWISE.search(plain)
