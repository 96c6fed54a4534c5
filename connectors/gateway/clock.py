"""The clock: work that is due because time has passed, or because somebody became free.

A hint wakes it within milliseconds; the poll finds what no hint told. Several gateways may run it side by side.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError

from connectors.gateway import metrics
from connectors.gateway.bus import Bus, Hint
from connectors.gateway.database_errors import in_words
from connectors.gateway.endless import Endless
from connectors.gateway.wake import Wake
from handoff import decisions, follow_ups, holder, offers, promises, repeats, snoozing
from handoff.database import Database

log = structlog.get_logger(__name__)

POLL_SECONDS = 1.0
TOGETHER_SECONDS = 0.02
"""A handoff is several hints within a moment; one look answers them."""
FORGET_EVERY = timedelta(hours=1)

Duty = Callable[[datetime], Awaitable[None]]


class Clock:
    """Runs until stopped. Each duty is a few short transactions, and may be run again at any time."""

    def __init__(self, database: Database, bus: Bus) -> None:
        self._database = database
        self._bus = bus
        self._wake = Wake()
        self._when_called: list[Duty] = [self._withdraw_offers, self._make_offers]
        self._when_time_has_passed: list[Duty] = [
            self._expire_leases,
            self._end_snoozes,
            self._look_after_promises,
            self._follow_up,
            self._forget_repeats,
        ]
        self._forget_after = datetime.min.replace(tzinfo=UTC)
        self._loop = Endless()
        bus.listen(self._on_hint)

    async def start(self) -> None:
        self._loop.start(self._run())

    async def stop(self) -> None:
        await self._loop.stop()

    def _on_hint(self, hint: Hint) -> None:
        if hint.kind == "agents" or (hint.kind == "changed" and not hint.of_talk):
            self._wake.call()

    async def _run(self) -> None:
        loop, next_round = asyncio.get_running_loop(), 0.0
        while True:
            for duty in self._when_called:
                await self._do(duty)
            if loop.time() >= next_round:
                next_round = loop.time() + POLL_SECONDS
                for duty in self._when_time_has_passed:
                    await self._do(duty)
            if await self._wake.sleep(max(0.0, next_round - loop.time())):
                await asyncio.sleep(TOGETHER_SECONDS)

    async def _do(self, duty: Duty) -> None:
        try:
            await duty(datetime.now(UTC))
        except SQLAlchemyError as error:
            log.error("database_failed", doing=duty.__name__.strip("_"), error=in_words(error))
        except Exception:
            # One conversation that can't be handled must not stop the clock for all others.
            log.exception("clock_failed", doing=duty.__name__.strip("_"))

    async def _expire_leases(self, now: datetime) -> None:
        """A claim without a first reply in time goes back to the queue; the desk hears it from the hint."""
        for conversation_id, agent_id in await self._database.write(holder.expire_leases, now):
            log.info("lease_lost", conversation=conversation_id, agent=agent_id)
            self._bus.publish(Hint("changed", conversation_id, {"lease_lost_by": agent_id}))

    async def _end_snoozes(self, now: datetime) -> None:
        """What was snoozed until now comes back: to its agent, or to the queue when they are away."""
        for conversation_id in await self._database.read(snoozing.due, now):
            if await self._database.write(snoozing.end, conversation_id, now):
                log.info("snooze_over", conversation=conversation_id)
                self._bus.changed(conversation_id)

    async def _withdraw_offers(self, now: datetime) -> None:
        """What was not taken in time goes to the next; whoever is not there is set away."""
        for conversation_id in await self._database.read(offers.overdue, now):
            ignored_by = await self._database.write(offers.withdraw, conversation_id, now)
            self._bus.changed(conversation_id)
            if ignored_by is None:
                continue
            log.info("offer_ignored", conversation=conversation_id, agent=ignored_by)
            metrics.OFFERS.labels("ignored").inc()
            if await self._database.write(offers.set_away_if_absent, ignored_by, now):
                log.info("set_away", agent=ignored_by)
                self._bus.publish(Hint("agents", data={"agent_id": ignored_by}))

    async def _make_offers(self, now: datetime) -> None:
        if not await self._database.read(offers.may_make):
            return
        while (made := await self._database.write(offers.make, now)) is not None:
            log.info("offered", conversation=made.conversation_id, agent=made.agent_id)
            metrics.OFFERS.labels("made").inc()
            self._bus.changed(made.conversation_id)

    async def _look_after_promises(self, now: datetime) -> None:
        """A reminder before a promise is due, an alarm after it: the desk hears both from the hint."""
        if not await self._database.read(promises.any_news, now):
            return
        for told, note in (("promise_due_soon", promises.remind), ("promise_broken", promises.note_broken)):
            for conversation_id in await self._database.write(note, now):
                log.warning(told, conversation=conversation_id)
                self._bus.changed(conversation_id)

    async def _follow_up(self, now: datetime) -> None:
        """Some time after a hand-back: did it work?"""
        for follow_up_id in await self._database.read(follow_ups.due, now):
            conversation_id = await self._database.write(follow_ups.ask, follow_up_id, now)
            if conversation_id is not None:
                self._bus.changed(conversation_id)

    async def _forget_repeats(self, now: datetime) -> None:
        """What channels told so long ago that they will not repeat it, and decisions too old to learn from."""
        if now >= self._forget_after:
            self._forget_after = now + FORGET_EVERY
            await self._database.write(repeats.forget, now)
            while await self._database.write(decisions.forget_old, now) >= decisions.FORGOTTEN_AT_ONCE:
                pass  # each batch is a short transaction, between which others write
