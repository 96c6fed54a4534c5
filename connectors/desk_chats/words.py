"""What agents read in a chat, before it is dressed in the chat's own markup."""

from handoff.desk_threads import Behind, Card
from handoff.transcript import MessageView

PREFIX = ">>"
"""What words begin with that are meant for the customer."""
NOTE_LONGEST = 1000
QUOTE_LONGEST = 300
OFFERED = "this one is offered to you for a minute."
HERE_HOURS = 8
DECLINED = "All right, it goes to the next one."
NOT_OFFERED = "This one isn't offered to you any more. Nothing was changed."
CHANNELS = {"web": "web chat", "telegram": "Telegram", "slack": "Slack", "rest": "REST"}
AUTHORS = {"customer": "Customer", "bot": "Fern (bot)", "agent": "Agent", "system": "Desk"}
WHAT_WAS_DONE = "What was done? Fern tells the customer."


def here(room: str, away: str) -> str:
    """For an agent who has just come to work in ``room``; the command ``away`` ends it."""
    return (
        f"You're at the desk for {HERE_HOURS} hours: tickets are offered to you in {room}, by name. "
        f"{away} ends it; so do three offers in a row that you let pass."
    )


def gone(room: str, here: str) -> str:
    """For an agent who has just left; the command ``here`` brings them back."""
    return f"You're away. Nothing is offered to you until you send {here} in {room}, or open the desk and come online."


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
