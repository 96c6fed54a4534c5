"""More than one request in a message: "is there a warranty and how much is shipping?"."""

import re
from dataclasses import dataclass

from bot.sentence_model import OUT_OF_SCOPE, SentenceModel

# After "and" comes a request of its own when it begins as one: with a question, a wish, or what is to be done.
BEGINNINGS = (
    "also how what when where which who why do does can could is are will would i my please let need want the\\s+invoice "
    "cancel return track change exchange swap refund send give get show tell find check make report "
    "where's wheres what's whats how's hows when's whens who's whos"
)
BOUNDARY = re.compile(
    rf"[?!;\n]+|\.(?=\s|$)|,?\s+(?:and|also|plus|then|n|&|\+)\s+(?=(?:{'|'.join(BEGINNINGS.split())})\b)", re.IGNORECASE
)
EMAIL = re.compile(r"\S+@\S+")
FEWEST_WORDS = 2
MOST_REQUESTS = 3
SURE = 0.6
# Said beside a request, not requests themselves.
COURTESIES = {"greet", "goodbye", "thank", "affirm", "deny", "inform", "complaint", OUT_OF_SCOPE}


@dataclass(frozen=True)
class Request:
    """One thing asked for: the words, what they mean and how sure that is."""

    text: str
    label: str
    confidence: float


def requests_in(text: str, model: SentenceModel) -> list[Request]:
    """The different requests that each stand firmly on their own; empty when there are not at least two."""
    clauses = [clause.strip(" ,") for clause in BOUNDARY.split(EMAIL.sub("", text))]
    clauses = [clause for clause in clauses if len(clause.split()) >= FEWEST_WORDS]
    if len(clauses) < 2:
        return []
    found: dict[str, Request] = {}
    for left, clause in zip(range(len(clauses), 0, -1), clauses, strict=True):
        if len(found) + left < 2:
            break  # whatever it means, there would be one request at most
        reading = model.read(clause)
        label, probability = reading.ranking[0]
        # A number in it makes any clause look like an answer too: that takes nothing away from the request.
        confidence = probability / (1 - dict(reading.ranking).get("inform", 0.0)) if label != "inform" else probability
        if not reading.doubtful and confidence >= SURE and label not in COURTESIES:
            found.setdefault(label, Request(clause, label, confidence))
    return list(found.values())[:MOST_REQUESTS] if len(found) > 1 else []
