"""What the customer is told when the conversation changes hands: the words, and the state the pages draw.

Each function returns a :class:`~handoff.outbound.Reply` by the system. ``handoff.state`` is one of
``queued | connected | ticket | failed | ended`` (docs/wire.md). Nothing here is said before it is true and committed.
"""

from collections.abc import Callable
from typing import Any

import humanize

from handoff.outbound import BOT_NAME, Choice, Reply
from handoff.payloads import EMAIL_PAYLOAD, HUMAN_PAYLOAD, KEEP_PLACE_PAYLOAD, LEAVE_QUEUE_PAYLOAD
from handoff.waiting import Wait

ASK_FOR_PERSON = Choice("Talk to a person", HUMAN_PAYLOAD)
LEAVE_QUEUE = Choice("Leave the queue", LEAVE_QUEUE_PAYLOAD)
KEEP_PLACE = Choice("Keep my place", KEEP_PLACE_PAYLOAD)
EMAIL_ME = Choice("E-mail me instead", EMAIL_PAYLOAD)

EMERGENCY = "If anyone is hurt or in danger, please call your local emergency number first."

Receipt = Callable[[str, str, Wait], Reply]
"""Tells somebody in the queue where they stand: takes the ticket's number, its reason and the wait."""


def queued(ticket_number: str, reason: str, wait: Wait) -> Reply:
    """The customer waits in the queue: their place, and the expected wait when there is one to tell honestly."""
    if wait.email is not None:
        text = _by_email(ticket_number, wait)
    elif wait.promise is not None:
        text = (
            f"Nobody is at the desk right now. I've written it down as {ticket_number}, and a person will answer right here "
            f"{wait.promise.words}. They'll see everything above, and you needn't stay."
        )
    elif not wait.staffed:
        where = "you're first in line" if wait.position == 1 else f"you're number {wait.position} in line"
        text = (
            f"Nobody is at the desk right now, but {where}. The next person in will answer you right here, with everything "
            f"you've told us in front of them. Your number is {ticket_number}."
        )
    else:
        text = f"I've asked for a person. {_place(wait)} They'll see everything above, so no need to repeat it."
    return _queued(f"{text}{_kept(wait)}", ticket_number, reason, wait)


def danger_first() -> Reply:
    """For somebody who may be hurt and whose words the bot, which says so otherwise, never saw."""
    return Reply(text=EMERGENCY, author="system")


def still_queued(ticket_number: str, reason: str, wait: Wait) -> Reply:
    """A customer who waits asked for a person once more, or says that they want to keep their place."""
    emergency = f" {EMERGENCY}" if reason == "safety" else ""
    return _queued(f"You're in the queue for a person.{_where(wait)}{emergency}", ticket_number, reason, wait)


def kept_for_person(ticket_number: str, reason: str, wait: Wait) -> Reply:
    """A customer who waits wrote what the bot can't answer: it is kept, and a person will read it."""
    return _queued(f"I've written that down for the person who takes over.{_where(wait)}", ticket_number, reason, wait)


def kept_in_danger(ticket_number: str, reason: str, wait: Wait) -> Reply:
    """As :func:`kept_for_person`, for somebody who may be hurt: help that comes sooner than we do is named again."""
    text = f"I've written that down for the person who takes over.{_where(wait)} {EMERGENCY}"
    return _queued(text, ticket_number, reason, wait)


def kept_without_bot(ticket_number: str, reason: str, wait: Wait) -> Reply:
    """A customer who waits wrote while the bot is away: said once an outage."""
    text = f"{BOT_NAME} can't answer just now, so I've kept that for the person who takes over.{_where(wait)}"
    return _queued(text, ticket_number, reason, wait)


def place_kept(ticket_number: str, reason: str, wait: Wait) -> Reply:
    """The bot has answered a customer who waits: they wait on."""
    return _queued(f"Your place in the queue is kept.{_where(wait)}", ticket_number, reason, wait)


def still_wanted() -> Reply:
    """A customer who waits sounds as if they were done: they may leave, and nobody takes them out unasked."""
    return _system("Do you still want a person? Your place is kept until you say.", None, [LEAVE_QUEUE, KEEP_PLACE])


def what_to_cancel() -> Reply:
    text = (
        "What shall be cancelled? If it's the wait for a person, leave the queue. An order is for that person to cancel: "
        "I've written it down, and your place is kept."
    )
    return _system(text, None, [LEAVE_QUEUE, KEEP_PLACE])


def ask_for_email() -> Reply:
    text = "Which address should we write to? Send it here as your next message. Your place is kept until then."
    return _system(text, None, [KEEP_PLACE])


def email_unusable() -> Reply:
    text = "That doesn't look like an e-mail address. Please send it again, as in name@example.com."
    return _system(text, None, [KEEP_PLACE])


def email_noted(ticket_number: str, reason: str, wait: Wait) -> Reply:
    """The customer left an address. Nothing more is promised than that a person will write."""
    return _queued(_by_email(ticket_number, wait), ticket_number, reason, wait)


def promised(agent_name: str, what: str, when: str) -> Reply:
    """``what``: as in ``call you back``; ``when``: as in ``by 5 pm on Monday 23 November, Portland time``."""
    return _system(f"{agent_name} has promised to {what}, {when}.", None)


def emailed(agent_name: str, email: str) -> Reply:
    """The agent says that they have written to the customer."""
    return _system(f"{agent_name} has answered you by e-mail, at {email}.", None)


def connected(agent_name: str, ticket_number: str, email: str | None = None) -> Reply:
    text = f"{agent_name} has joined and can see everything above."
    if email is not None:
        text = f"{agent_name} has your request now and will write to {email}."
    return _system(text, {"state": "connected", "ticket": ticket_number, "agent": agent_name})


def failed(another_way: str | None) -> Reply:
    """The request could not be written down yet. ``another_way``: from handoff/desk.toml."""
    instead = f"If it can't wait, {another_way}." if another_way else "You don't need to write it again."
    text = f"I couldn't get your request to a person just now, and I'm trying again. {instead}"
    return _system(text, {"state": "failed"})


def transferred(from_name: str, to_name: str, ticket_number: str) -> Reply:
    text = f"{from_name} has passed you on to {to_name}, who can see everything above."
    return _system(text, {"state": "connected", "ticket": ticket_number, "agent": to_name})


def taken_over(from_name: str, by_name: str, ticket_number: str) -> Reply:
    text = f"{by_name} has taken over from {from_name} and can see everything above."
    return _system(text, {"state": "connected", "ticket": ticket_number, "agent": by_name})


def requeued(why: str, reason: str, ticket_number: str, wait: Wait) -> Reply:
    """The customer is back at their old place in the queue. ``why``: one of the sentences below."""
    return _queued(f"{why}{_where(wait)}", ticket_number, reason, wait)


def stepped_away(agent_name: str) -> str:
    """The agent let go, or went quiet."""
    return f"{agent_name} had to step away, so you're back in the queue at your old place."


def passed_to_team(agent_name: str, team: str) -> str:
    return (
        f"{agent_name} has passed you on to the {team} team, at your old place in the queue. "
        "They can see everything above."
    )


def not_there(agent_name: str) -> str:
    """What was snoozed is due, and its agent is away."""
    return f"{agent_name} isn't at the desk right now, so you're back in the queue at your old place."


def snoozed(agent_name: str, when: str | None) -> Reply:
    """The agent snoozed it before writing. ``when``: as in ``by 10 am on Monday 23 November, Portland time``."""
    text = (
        f"{agent_name} has your request and will be back to it {when or 'later'}. "
        "If you write before then, it comes straight back to the desk."
    )
    return _system(text, None)


def handed_back(agent_name: str, ticket_number: str) -> Reply:
    text = f"{agent_name} has left the chat. {BOT_NAME} is back, and a person is still one message away."
    return _system(text, {"state": "ended", "ticket": ticket_number, "agent": agent_name})


def resolved(agent_name: str, ticket_number: str) -> Reply:
    text = f"{agent_name} has closed this conversation. Write here any time and we'll pick it up again."
    return _system(text, {"state": "ended", "ticket": ticket_number, "agent": agent_name})


def withdrawn(ticket_number: str) -> Reply:
    text = f"All right, I've taken you out of the queue. {BOT_NAME} is listening again."
    return _system(text, {"state": "ended", "ticket": ticket_number})


def not_in_queue() -> Reply:
    return _system(f"You're not in the queue any more. {BOT_NAME} is listening.", None)


def bot_starting() -> Reply:
    """The desk has only just been started: the bot is not there yet, and nothing is wrong."""
    text = (
        f"{BOT_NAME} is just starting up. Your message is safe and will be answered here, usually within a minute. "
        "If you'd rather not wait, a person can help."
    )
    return _system(text, None, [ASK_FOR_PERSON])


def bot_away() -> Reply:
    """The bot is slow or down: said once an outage, and the message is still answered later."""
    text = (
        f"{BOT_NAME} is taking longer than it should. Your message is safe and will be answered here as soon as possible. "
        "If you'd rather not wait, a person can help."
    )
    return _system(text, None, [ASK_FOR_PERSON])


def nothing_to_say() -> Reply:
    """The bot finished its turn without a word. Better to say so than to be silent."""
    text = "I don't have an answer to that one. Try putting it another way, or talk to a person."
    return _system(text, None, [ASK_FOR_PERSON])


def cannot_look(noun: str) -> Reply:
    """The customer sent something besides words. ``noun``: what, such as ``pictures``."""
    text = (
        f"I can't look at {noun} myself, but I've kept it here, and a person can. "
        "Tell me in words what it's about, or talk to a person."
    )
    return _system(text, None, [ASK_FOR_PERSON])


def file_refused(title: str, reason: str | None) -> Reply:
    """A file that we do not keep; the customer should know that nobody will see it."""
    text = f"I couldn't keep {title}: it's {reason}. Pictures, PDFs, voice messages and short videos work here."
    return _system(text, None, [ASK_FOR_PERSON])


def wait_fields(wait: Wait) -> dict[str, Any]:
    """``{state, position, eta_minutes, promise, kept, email}`` as in docs/wire.md; null is what we can't tell honestly."""
    live = wait.email is None
    return {
        "state": "ticket" if wait.promise or wait.email else "queued",
        "position": wait.position if live else None,
        "eta_minutes": list(wait.minutes) if live and wait.minutes else None,
        "promise": wait.promise.at.isoformat().replace("+00:00", "Z") if live and wait.promise else None,
        "kept": wait.kept,
        "email": wait.email,
    }


def _where(wait: Wait) -> str:
    """What the customer waits for, as an own sentence; nothing when nobody is there and nothing was promised."""
    if wait.email is not None:
        return f" They'll write to {wait.email}."
    if wait.promise is not None:
        return f" A person will answer {wait.promise.words}."
    if not wait.staffed:
        return " Nobody is at the desk right now; the next person in will answer you right here."
    return f" {_place(wait)}"


def _by_email(ticket_number: str, wait: Wait) -> str:
    promised = f" {wait.promise.words}" if wait.promise else ""
    return (
        f"A person will answer you by e-mail{promised}, at {wait.email}. You needn't wait here; what you still write in "
        f"this chat reaches them too. Your number is {ticket_number}."
    )


def _kept(wait: Wait) -> str:
    if not wait.kept:
        return ""
    return f" What you've written since is with it: {wait.kept} {'message' if wait.kept == 1 else 'messages'}."


def _place(wait: Wait) -> str:
    place = "You're next in line" if wait.position == 1 else f"You're {humanize.ordinal(wait.position)} in line"
    if wait.minutes is None:
        return f"{place}."
    low, high = wait.minutes
    if high <= 1:
        return f"{place}; it should be about a minute."
    if low == 0:
        return f"{place}; it should be {'about a minute or two' if high == 2 else f'up to {high} minutes'}."
    return f"{place}; it usually takes {low} to {high} minutes."


def _queued(text: str, ticket_number: str, reason: str, wait: Wait) -> Reply:
    handoff = {"reason": reason, "ticket": ticket_number, **wait_fields(wait)}
    return _system(text, handoff, [LEAVE_QUEUE] if wait.email else [EMAIL_ME, LEAVE_QUEUE])


def _system(text: str, handoff: dict[str, Any] | None, choices: list[Choice] | None = None) -> Reply:
    return Reply(text=text, author="system", handoff=handoff, choices=choices or [])
