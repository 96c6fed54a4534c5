"""A model of the desk for hypothesis: customers write, gateways take turns and die, agents claim, in any order.

After every step the database must tell one consistent story; at the end everything that was accepted has been handled.
"""

from contextlib import suppress

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, MultipleResults, multiple, rule

from handoff import (
    agents,
    customer_view,
    follow_ups,
    holder,
    offers,
    outbox,
    replies,
    snoozing,
    turn_leases,
    turns,
)
from handoff.turn_leases import Turn
from tests.integration.handoff.desk_at_work import AGENTS, DeskAtWork
from tests.people import at, bot_says

A_CUSTOMER = st.sampled_from(["maya", "omar"])
AN_AGENT = st.sampled_from(range(len(AGENTS)))
A_GATEWAY = st.sampled_from(["gateway-1", "gateway-2"])
SOME_WORDS = st.sampled_from(
    [
        "where is my order",
        "a person please",
        "never mind, found it",
        "hello",
        "maya@example.com",
        "yes it did",
        "no",
    ]
)


class DeskMachine(DeskAtWork):
    turns_in_flight = Bundle("turns_in_flight")

    @rule(seconds=st.sampled_from([0.1, 2.0, 25.0, 200.0, 90000.0]))
    def time_passes(self, seconds: float) -> None:
        self.clock += seconds

    @rule(customer=A_CUSTOMER, words=SOME_WORDS, key=st.integers(0, 30))
    def a_customer_writes_or_repeats(self, customer: str, words: str, key: int) -> None:
        self.accept(customer, words, f"{customer}-{key}")

    @rule(
        target=turns_in_flight,
        customer=A_CUSTOMER,
        words=SOME_WORDS,
        key=st.integers(0, 30),
        gateway=A_GATEWAY,
    )
    def a_customer_writes_and_their_turn_begins_with_it(
        self, customer: str, words: str, key: int, gateway: str
    ) -> Turn | MultipleResults[Turn]:
        turn = self.accept(customer, words, f"{customer}-{key}", gateway).turn
        return multiple() if turn is None else turn

    @rule(target=turns_in_flight, gateway=A_GATEWAY)
    def a_gateway_takes_a_turn(self, gateway: str) -> Turn | MultipleResults[Turn]:
        self.clock += 0.1
        turn = self.database.write_now(turn_leases.take, gateway, self.now)
        return multiple() if turn is None else turn

    @rule(customer=A_CUSTOMER, key=st.integers(100, 200))
    def a_customer_is_answered_at_once(self, customer: str, key: int) -> None:
        """The common walk, so that the rare ones begin from conversations with some life in them."""
        self.a_customer_writes_or_repeats(customer, "hello", key)
        turn = self.a_gateway_takes_a_turn("gateway-1")
        if isinstance(turn, Turn):
            self.the_bot_answers(turn, "an answer", escalates=False)

    @rule(
        turn=turns_in_flight,
        words=st.sampled_from(["", "an answer"]),
        escalates=st.booleans(),
        reason=st.sampled_from(["complaint", "safety"]),
        page_open=st.booleans(),
    )
    def the_bot_answers(
        self, turn: Turn, words: str, escalates: bool, reason: str = "complaint", page_open: bool = False
    ) -> None:
        """Also much later, and more than once: a gateway that was thought dead may wake up."""
        if turn.holder == "queue" and turn.in_queue != "question":
            return
        handoff = {"reason": reason, "evidence": []} if escalates else None
        said = [f"{words} to {turn.message_id}"] if words else []
        after = self.last_shown(turn.conversation_id) if page_open else None
        reply = bot_says(*said, handoff=handoff)
        _, news = self.database.write_now(customer_view.answer, turn, reply, after, self.now)
        if news is not None:
            self.show(turn.conversation_id, news.messages)

    @rule(customer=A_CUSTOMER, key=st.integers(300, 400))
    def a_gateway_answers_again_while_it_is_at_the_next_turn(self, customer: str, key: int) -> None:
        self.a_customer_writes_or_repeats(customer, "hello", key)
        self.a_customer_writes_or_repeats(customer, "are you there", key + 1000)
        turn = self.a_gateway_takes_a_turn("gateway-1")
        if isinstance(turn, Turn):
            self.the_bot_answers(turn, "an answer", escalates=False)
            self.a_gateway_takes_a_turn("gateway-1")
            self.the_bot_answers(turn, "an answer", escalates=False)

    @rule(turn=turns_in_flight)
    def the_gateway_decides_without_the_bot(self, turn: Turn) -> None:
        self.handle_without_bot(turn)

    @rule(turn=turns_in_flight, seconds=st.sampled_from([1.0, 30.0]), tell=st.booleans())
    def the_bot_is_away(self, turn: Turn, seconds: float, tell: bool) -> None:
        if turn.holder == "bot" or turn.in_queue == "question":
            self.database.write_now(turns.postpone, turn, at(self.clock + seconds), tell, self.now)

    @rule(customer=A_CUSTOMER, agent=AN_AGENT)
    def an_agent_claims(self, customer: str, agent: int) -> None:
        self.act(customer, lambda s, c: holder.claim(s, c.id, self.agents[agent], self.now))

    @rule(customer=A_CUSTOMER, agent=AN_AGENT, key=st.integers(0, 5))
    def an_agent_speaks(self, customer: str, agent: int, key: int) -> None:
        name = self.agents[agent]
        self.act(customer, lambda s, c: replies.say(s, c.id, name, f"{name}-{key}", "hello", self.now))

    @rule(customer=A_CUSTOMER, agent=AN_AGENT, stale=st.booleans())
    def an_agent_hands_back(self, customer: str, agent: int, stale: bool) -> None:
        name = self.agents[agent]
        self.act(customer, lambda s, c: holder.hand_back(s, c.id, name, c.epoch - stale, "done", self.now))

    @rule(customer=A_CUSTOMER, agent=AN_AGENT)
    def an_agent_resolves(self, customer: str, agent: int) -> None:
        self.act(customer, lambda s, c: holder.resolve(s, c.id, self.agents[agent], c.epoch, None, self.now))

    @rule()
    def follow_ups_are_asked(self) -> None:
        for follow_up_id in self.database.read_now(follow_ups.due, self.now):
            self.database.write_now(follow_ups.ask, follow_up_id, self.now)

    @rule(
        customer=A_CUSTOMER,
        words=st.sampled_from(["yes it did", "no", "1", "2"]),
        key=st.integers(500, 600),
    )
    def a_customer_is_helped_and_says_how_it_went(self, customer: str, words: str, key: int) -> None:
        """The common walk through a hand-back."""
        self.a_customer_writes_or_repeats(customer, "a person please", key)
        turn = self.a_gateway_takes_a_turn("gateway-1")
        if isinstance(turn, Turn):
            self.handle_without_bot(turn)
        self.an_agent_claims(customer, 0)
        self.an_agent_speaks(customer, 0, 7)
        self.an_agent_hands_back(customer, 0, stale=False)
        turn = self.a_gateway_takes_a_turn("gateway-1")
        if isinstance(turn, Turn):
            self.the_bot_answers(turn, "an answer", escalates=False)
        self.clock += 90000
        self.follow_ups_are_asked()
        self.a_customer_writes_or_repeats(customer, words, key + 1000)

    @rule(customer=A_CUSTOMER, to=st.one_of(st.none(), AN_AGENT))
    def the_agent_passes_it_on(self, customer: str, to: int | None) -> None:
        target = None if to is None else self.agents[to]
        self.act(customer, lambda s, c: holder.transfer(s, c.id, c.agent_id or "-", c.epoch, target, None, self.now))

    @rule(customer=A_CUSTOMER, team=st.sampled_from(["billing", "lang-de"]))
    def the_agent_passes_it_on_to_a_team(self, customer: str, team: str) -> None:
        self.act(
            customer,
            lambda s, c: holder.transfer_to_team(s, c.id, c.agent_id or "-", c.epoch, team, "see above", self.now),
        )

    @rule(customer=A_CUSTOMER, stale=st.booleans(), seconds=st.sampled_from([1.0, 100.0, 5000.0]))
    def the_agent_snoozes_it(self, customer: str, stale: bool, seconds: float) -> None:
        until = at(self.clock + seconds)
        self.act(
            customer, lambda s, c: snoozing.snooze(s, c.id, c.agent_id or "-", c.epoch - stale, until, None, self.now)
        )

    @rule(customer=A_CUSTOMER)
    def the_agent_takes_it_up_again(self, customer: str) -> None:
        self.act(customer, lambda s, c: snoozing.wake(s, c.id, c.agent_id or "-", c.epoch, self.now))

    @rule()
    def snoozes_are_checked(self) -> None:
        for conversation_id in self.database.read_now(snoozing.due, self.now):
            self.database.write_now(snoozing.end, conversation_id, self.now)

    @rule()
    def leases_are_checked(self) -> None:
        self.database.write_now(holder.expire_leases, self.now)

    @rule()
    def an_offer_is_made(self) -> None:
        self.database.write_now(offers.make, self.now)

    @rule(customer=A_CUSTOMER, agent=AN_AGENT)
    def an_agent_declines(self, customer: str, agent: int) -> None:
        conversation = self.conversation_of(customer)
        if conversation is not None:
            with suppress(offers.NotOffered):
                self.database.write_now(offers.decline, conversation.id, self.agents[agent], self.now)

    @rule()
    def offers_are_checked(self) -> None:
        for conversation_id in self.database.read_now(offers.overdue, self.now):
            ignored_by = self.database.write_now(offers.withdraw, conversation_id, self.now)
            if ignored_by is not None:
                self.database.write_now(offers.set_away_if_absent, ignored_by, self.now)

    @rule(agent=AN_AGENT, present=st.booleans())
    def an_agent_comes_or_goes(self, agent: int, present: bool) -> None:
        self.database.write_now(agents.set_present, self.agents[agent], present, self.now)

    @rule(customer=A_CUSTOMER)
    def the_page_is_fed(self, customer: str) -> None:
        conversation = self.conversation_of(customer)
        if conversation is not None:
            news = self.database.write_now(outbox.feed, conversation.id, self.last_shown(conversation.id), self.now)
            self.show(conversation.id, news)

    @rule(turn=turns_in_flight)
    def the_end_of_a_turn_is_lost(self, turn: Turn) -> None:
        self.database.write_now(turns.let_go, turn, self.now)
