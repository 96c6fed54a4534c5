"""The dispatcher: takes waiting messages and sees each through its turn.

One turn in flight per conversation, any number of conversations side by side. How a turn is taken is in
:mod:`handoff.turn_leases`, how it ends in :mod:`handoff.turns`; here are the deadline, the retries and the clock.
"""

import asyncio
import secrets
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from connectors.gateway import metrics
from connectors.gateway.bot_start import BotStart
from connectors.gateway.bus import Bus, Hint
from connectors.gateway.rasa import BotFailed, BotUnavailable, Rasa
from connectors.gateway.wake import Wake
from handoff import customer_view, turn_leases, turns
from handoff.alarm import Alarm, alarm_in
from handoff.bot_reply import BotReply
from handoff.conversations import NoConversation
from handoff.customer_view import News
from handoff.database import Database
from handoff.inbox import Accepted, Inbound
from handoff.outbound import BOT_NAME
from handoff.payloads import QUEUE_PAYLOADS
from handoff.turn_leases import Turn

log = structlog.get_logger(__name__)

TURNS_AT_ONCE = 1000
"""Most of them wait for their place at Rasa; whoever asks for a person waits for nobody."""
TAKEN_AT_ONCE = 16
"""In one transaction, which is short."""
POLL_SECONDS = 1.0
"""How long a message can wait when every hint about it was lost, or its retry has come."""
NOTICE_WITHIN = timedelta(seconds=10)
"""A hiccup of the bot is not worth a word, unless the next try could end later than this."""
FAILURES_BEFORE_PERSON = 3
OUTAGE_BEFORE_PERSON = timedelta(minutes=5)
LONGEST_RETRY = timedelta(seconds=5)
PAUSE_SECONDS = 1.0
"""After something went wrong that is no customer's doing."""
TRIES_TO_LET_GO = 5
"""A turn whose end could not be written gives up its lease, unless the database stays away: then it runs out."""
ALARMS: dict[Alarm, tuple[str, str]] = {"harm": ("safety", "Injury or danger"), "law": ("legal", "Speaks of the law")}
"""Reason and evidence of an ask that rings one."""
QUOTE_CHARACTERS = 140
"""Enough of an ask to know the tone; the transcript has the rest."""


def no_pages(_conversation_id: str) -> None:
    """Nobody follows any conversation here."""


class Dispatcher:
    """Runs until stopped; a hint about a changed conversation wakes it, a poll does otherwise."""

    def __init__(self, database: Database, rasa: Rasa, bus: Bus) -> None:
        self._database = database
        self._rasa = rasa
        self._bus = bus
        self.page_at: Callable[[str], int | None] = no_pages
        """After which message open pages of this gateway follow a conversation; None when there are none.

        They are shown an answer as soon as it is committed."""
        self._news: dict[str, News] = {}
        self._wake = Wake()
        self._bot_start = BotStart(rasa, self._take_up_what_waits)
        self._runs = False
        self._accepting: set[asyncio.Task[tuple[Accepted, bool]]] = set()
        self._turns: set[asyncio.Task[None]] = set()
        self._may_begin = 0
        """Messages being kept whose turns may begin with them."""
        self._more_wait = False
        """Others may wait in the database: they come before whoever writes now."""
        self._in_flight: dict[str, int] = {}
        """The conversations that have a turn here, and which message's it is."""
        self._changed_meanwhile: set[str] = set()
        self._looks = 0
        """How many are taking turns from the database; what changes from their beginning on may be too late for them."""
        self._loops: list[asyncio.Task[None]] = []
        bus.listen(self._on_hint)

    async def start(self) -> None:
        self._loops = [asyncio.create_task(self._take_turns())]
        self._runs = True

    async def stop(self) -> None:
        """Take no new turns and let those in flight end; the process is given 10 seconds to stop."""
        self._runs = False
        await self._bot_start.stop()
        for loop in self._loops:
            loop.cancel()
        await asyncio.gather(*self._loops, *self._accepting, return_exceptions=True)
        if self._turns:
            await asyncio.wait(self._turns, timeout=6)

    async def accept(self, inbound: Inbound) -> tuple[Accepted, bool]:
        """:func:`handoff.customer_view.accept`; the message's turn begins with it if nothing waits before it.

        A cancelled caller, whose customer went away, stops neither.
        """
        task = asyncio.create_task(self._accept(inbound))
        self._accepting.add(task)
        task.add_done_callback(self._accepting.discard)
        return await asyncio.shield(task)

    async def _accept(self, inbound: Inbound) -> tuple[Accepted, bool]:
        owner = _new_owner() if self._runs and not self._more_wait and self._room > 0 else None
        self._may_begin += owner is not None
        try:
            with self._looking():
                accepted, waits = await self._database.write(customer_view.accept, inbound, datetime.now(UTC), owner)
            if accepted.turn is not None:
                self._begin(accepted.turn)
        finally:
            self._may_begin -= owner is not None
            self._room_again()
        return accepted, waits

    def _on_hint(self, hint: Hint) -> None:
        if hint.kind != "changed" or hint.of_answer:
            return
        if "seq" in hint.data and hint.data["seq"] == self._in_flight.get(hint.conversation_id):
            return  # it is this message whose turn has begun
        if self._looks or hint.conversation_id in self._in_flight:
            self._changed_meanwhile.add(hint.conversation_id)
        if hint.conversation_id not in self._in_flight:  # leased: there is nothing to take before the end
            self._wake.call()

    async def _take_turns(self) -> None:
        while True:
            try:
                while await self._take_some():
                    pass
            except SQLAlchemyError as error:
                log.error("database_unreachable", doing="take a turn", error=type(error).__name__)
                await asyncio.sleep(PAUSE_SECONDS)
            except Exception:
                # Whatever it is, everybody else's messages still wait for their turn.
                log.exception("dispatcher_failed")
                await asyncio.sleep(PAUSE_SECONDS)
            await self._wake.sleep(POLL_SECONDS)

    async def _take_some(self) -> bool:
        """Begin the turns that are due. Whether there may be more."""
        room = min(TAKEN_AT_ONCE, self._room)
        if room <= 0:
            self._more_wait = True
            return False
        owners = [_new_owner() for _ in range(room)]
        with self._looking():
            taken = await self._database.write(turn_leases.take_some, owners, datetime.now(UTC))
        for turn in taken:
            self._begin(turn)
        if not self._looks:
            self._changed_meanwhile &= self._in_flight.keys()
        self._more_wait = len(taken) == room
        return self._more_wait

    @property
    def _room(self) -> int:
        """How many more turns may begin."""
        return TURNS_AT_ONCE - len(self._turns) - self._may_begin

    @contextmanager
    def _looking(self) -> Iterator[None]:
        self._looks += 1
        try:
            yield
        finally:
            self._looks -= 1

    def _begin(self, turn: Turn) -> None:
        self._in_flight[turn.conversation_id] = turn.seq
        task = asyncio.create_task(self._see_through(turn))
        self._turns.add(task)
        task.add_done_callback(self._turn_ended)

    def _turn_ended(self, task: asyncio.Task[None]) -> None:
        self._turns.discard(task)
        self._room_again()

    def _room_again(self) -> None:
        if self._more_wait:
            self._wake.call()

    async def _see_through(self, turn: Turn) -> None:
        """One turn, from lease to release. Whatever goes wrong, the message stays waiting."""
        try:
            outcome = await self._handle(turn)
        except NoConversation:
            outcome = "erased"
        except (OperationalError, InterfaceError, PoolTimeout) as error:
            log.error("database_unreachable", doing="finish a turn", error=type(error).__name__)
            await self._let_go(turn)
            outcome = "database_error"
        except Exception as error:
            log.exception("turn_crashed", conversation=turn.conversation_id, seq=turn.seq)
            outcome = await self._crashed(turn, error)
        metrics.TURNS.labels(outcome).inc()
        metrics.TURN_SECONDS.observe((datetime.now(UTC) - turn.received_at).total_seconds())
        log.info("turn", conversation=turn.conversation_id, seq=turn.seq, outcome=outcome, attempt=turn.attempts + 1)
        self._ended(turn, outcome)

    def _ended(self, turn: Turn, outcome: str) -> None:
        """Look for the next turn only if there may be one: each look takes a place at the writer."""
        changed = turn.conversation_id in self._changed_meanwhile
        self._in_flight.pop(turn.conversation_id, None)
        self._changed_meanwhile.discard(turn.conversation_id)
        news = self._news.pop(turn.conversation_id, None)
        self._bus.publish(Hint("changed", turn.conversation_id, {"turn": outcome}, news))
        if turn.more_waiting or changed:
            self._wake.call()

    async def _handle(self, turn: Turn) -> str:
        if turn.holder == "queue":
            return await self._handle_in_queue(turn)
        if turn.payload in QUEUE_PAYLOADS:
            await self._database.write(turns.nothing_to_leave, turn, datetime.now(UTC))
            return "withdrawn"
        if turn.asked_in is not None:
            return await self._hand_to_queue(turn, *_why_asked(turn.asked_in), actor="customer")
        if turn.wordless:
            kept = await self._database.write(turns.keep_for_person, turn, datetime.now(UTC))
            return "kept_for_person" if kept else "dropped"
        return await self._ask_bot(turn)

    async def _handle_in_queue(self, turn: Turn) -> str:
        """The bot answers what it can; the rest is kept for the person."""
        if turn.in_queue != "question":
            await self._database.write(turns.give_to_queue, turn, datetime.now(UTC))
            return "to_desk"
        try:
            reply = await self._reply_of_bot(turn)
        except BotUnavailable as error:
            # It may still act on what it was asked, after the deadline too: its words about that have to be fetched.
            return await self._bot_unavailable(turn, error)
        except BotFailed as error:
            log.warning("bot_failed_in_queue", conversation=turn.conversation_id, reason=str(error))
            return await self._keep_without_bot(turn)
        kept = await self._database.write(turns.answer, turn, reply, datetime.now(UTC))
        return "answered_in_queue" if kept else "dropped"

    async def _crashed(self, turn: Turn, error: Exception) -> str:
        """Something in this very message can't be handled: after a few tries a person gets it."""
        try:
            return await self._bot_failed(turn, BotFailed(type(error).__name__))
        except Exception:
            log.exception("turn_not_put_off", conversation=turn.conversation_id, seq=turn.seq)
            return "crashed"

    async def _let_go(self, turn: Turn) -> None:
        """The next try need not wait until the lease runs out."""
        for _ in range(TRIES_TO_LET_GO):
            await asyncio.sleep(PAUSE_SECONDS)
            try:
                await self._database.write(turns.let_go, turn, datetime.now(UTC))
            except NoConversation:
                return
            except SQLAlchemyError as error:
                log.error("database_unreachable", doing="give up a lease", error=type(error).__name__)
            else:
                return

    async def _reply_of_bot(self, turn: Turn) -> BotReply:
        self._bus.publish(Hint("typing", turn.conversation_id, {"on": True, "author": "bot", "name": BOT_NAME}))
        try:
            return await self._rasa.ask(turn)
        finally:
            self._bus.publish(Hint("typing", turn.conversation_id, {"on": False, "author": "bot", "name": BOT_NAME}))

    async def _ask_bot(self, turn: Turn) -> str:
        try:
            reply = await self._reply_of_bot(turn)
        except BotUnavailable as error:
            return await self._bot_unavailable(turn, error)
        except BotFailed as error:
            return await self._bot_failed(turn, error)
        after = self.page_at(turn.conversation_id)
        kept, news = await self._database.write(customer_view.answer, turn, reply, after, datetime.now(UTC))
        if news is not None:
            self._news[turn.conversation_id] = news
        if not kept:
            return "dropped"
        return "escalated" if reply.handoff else "answered"

    async def _bot_unavailable(self, turn: Turn, error: BotUnavailable) -> str:
        now = datetime.now(UTC)
        log.warning("bot_unavailable", conversation=turn.conversation_id, reason=str(error), attempt=turn.attempts + 1)
        if now - turn.received_at > OUTAGE_BEFORE_PERSON:
            if turn.is_event:
                return await self._give_up_event(turn)
            if turn.holder == "queue":
                return await self._keep_without_bot(turn)
            words = "The bot was away for more than five minutes."
            return await self._hand_to_queue(turn, *_bot_error(words), "system")
        outcome = await self._postpone(turn, now)
        self._bot_start.missed()
        return outcome

    async def _bot_failed(self, turn: Turn, error: BotFailed) -> str:
        now = datetime.now(UTC)
        log.error("bot_failed", conversation=turn.conversation_id, reason=str(error), attempt=turn.attempts + 1)
        if turn.failures + 1 >= FAILURES_BEFORE_PERSON:
            if turn.is_event:
                return await self._give_up_event(turn)
            if turn.holder == "queue":
                await self._database.write(turns.give_to_queue, turn, now)
                return "to_desk"
            words = f"The bot failed {FAILURES_BEFORE_PERSON} times on this message."
            return await self._hand_to_queue(turn, *_bot_error(words), "system")
        return await self._postpone(turn, now, failed=True)

    async def _take_up_what_waits(self) -> None:
        await self._database.write(turn_leases.wait_no_longer, datetime.now(UTC))
        self._wake.call()

    async def _postpone(self, turn: Turn, now: datetime, failed: bool = False) -> str:
        again_at = now + _pause(turn)
        deadline = timedelta(seconds=self._rasa.deadline_seconds)
        since = turn.customer_since
        # Who waits for a person learns at once that it is kept for them.
        tell = since is not None and (turn.holder == "queue" or must_tell(now - since, again_at - now, deadline))
        starting = self._rasa.is_starting and not failed
        await self._database.write(turns.postpone, turn, again_at, tell, now, starting=starting, failed=failed)
        return "postponed"

    async def _keep_without_bot(self, turn: Turn) -> str:
        await self._database.write(turns.give_to_queue, turn, datetime.now(UTC), True)
        return "to_desk"

    async def _give_up_event(self, turn: Turn) -> str:
        log.warning("bot_not_told", conversation=turn.conversation_id, seq=turn.seq)
        await self._database.write(turns.give_up_event, turn, datetime.now(UTC))
        return "given_up"

    async def _hand_to_queue(self, turn: Turn, reason: str, evidence: list[dict[str, str]], actor: str) -> str:
        now = datetime.now(UTC)
        try:
            kept = await self._database.write(turns.hand_to_queue, turn, reason, evidence, actor, now)
        except SQLAlchemyError as error:
            log.error("ticket_not_written", conversation=turn.conversation_id, error=type(error).__name__)
            await self._database.write(turns.tell_failed, turn, now + _pause(turn), now)
            return "not_queued"
        return "escalated" if kept else "dropped"


def _new_owner() -> str:
    """Each lease is its own: a turn that outlived its lease can't end the one that was taken after it."""
    return secrets.token_hex(8)


def must_tell(waited: timedelta, pause: timedelta, deadline: timedelta) -> bool:
    """Whether the next try may end too late to tell the customer then that the bot is away."""
    return waited + pause + timedelta(seconds=POLL_SECONDS) + deadline > NOTICE_WITHIN


def _pause(turn: Turn) -> timedelta:
    return min(timedelta(seconds=0.5 * 2 ** min(turn.attempts, 10)), LONGEST_RETRY)


def _bot_error(words: str) -> tuple[str, list[dict[str, str]]]:
    return "bot_error", [{"kind": "bot_error", "text": words}]


def _why_asked(words: str) -> tuple[str, list[dict[str, str]]]:
    """The ticket's reason and evidence. The bot does not hear an ask: what is urgent in it is heard here."""
    quote = f"“{textwrap.shorten(words, QUOTE_CHARACTERS, placeholder=' …')}”"
    asked = {"kind": "asked", "text": f"They wrote: {quote}"}
    alarm = alarm_in(words)
    if alarm is None:
        return "asked", [asked]
    reason, what = ALARMS[alarm]
    return reason, [{"kind": alarm, "text": f"{what}: {quote}"}, asked]
