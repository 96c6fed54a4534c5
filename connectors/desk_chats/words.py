"""What agents read in a chat, before it is dressed in the chat's own markup."""

from handoff.desk_threads import Behind, Card
from handoff.transcript import MessageView

PREFIX = ">>"
"""What words begin with that are meant for the customer."""
NOTE_LONGEST = 1000
QUOTE_LONGEST = 300
OFFERED = "this one is offered to you for a minute."
CHANNELS = {"web": "web chat", "telegram": "Telegram", "slack": "Slack", "rest": "REST"}
AUTHORS = {"customer": "Customer", "bot": "Fern (bot)", "agent": "Agent", "system": "Desk"}
WHAT_WAS_DONE = "What was done? Fern tells the customer."


def lines(behind: Behind, own: str) -> list[MessageView]:
    """What is news in the thread: not what was taken back, nor what was written there (its id begins with ``own``), nor
    what the customer was told about who has them, which the card says."""
    return [
        one
        for one in behind.lines
        if one["state"] != "cancelled"
        and not (one["client_id"] or "").startswith(own)
        and not (one["author"] == "system" and one["handoff"])
    ]


def urgency(card: Card) -> str:
    """Empty for an ordinary ticket, and for one that is over."""
    if card.priority <= 0 or card.state not in ("queued", "claimed"):
        return ""
    return "Urgent" if card.priority > 1 else "Soon"


def customer(card: Card) -> str:
    return f"{card.customer or 'A customer'} on {CHANNELS.get(card.channel, card.channel)}"


def state(card: Card) -> str:
    agent = card.agent or "an agent"
    return {
        "queued": "waiting in the queue",
        "claimed": f"with {agent}",
        "handed_back": f"handed back to the bot by {agent}",
        "resolved": f"resolved by {agent}",
        "cancelled": "the customer left the queue",
    }[card.state]


def author(message: MessageView) -> str:
    return message["name"] or AUTHORS[message["author"]]


def quoted(message: MessageView) -> str:
    """A message in one short line."""
    words = " ".join(message["text"].split())
    return words if len(words) <= QUOTE_LONGEST else words[: QUOTE_LONGEST - 1] + "…"


def addition(message: MessageView) -> str:
    """What follows the author of a line: to whom it was said, and whether it got there."""
    to = " → customer" if message["author"] == "agent" else ""
    return to + (" · did not arrive" if message["state"] == "dead" else "")


def desk_address(public_url: str, conversation_id: str) -> str:
    return f"{public_url}/desk#/queue/{conversation_id}"
