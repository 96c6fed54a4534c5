"""Tickets in the agents' channel: what is uncertain is read back from Slack before it is posted again."""

from connectors.connector import DeliveryError
from connectors.desk_chats.words import desk_address, lines
from connectors.slack import cards
from connectors.slack.identity import Identity
from connectors.slack.place import Place
from connectors.slack.posting import Mark, Posting
from handoff.desk_calls import Call
from handoff.desk_threads import Behind, Spot

CARD, LINE, CALL = "frontdesk_card", "frontdesk_line", "frontdesk_call"
OWN = "slack:"
"""What the id of words begins with that were written in the thread itself: they are there already."""


class SlackCards:
    """See :class:`connectors.desk_chats.card_keeper.Cards`."""

    def __init__(self, posting: Posting, identity: Identity, public_url: str, channel: str) -> None:
        self._posting = posting
        self._identity = identity
        self._public_url = public_url
        self._channel = channel
        self._certain: set[int] = set()
        """Tickets of which this gateway knows for sure what their thread has."""

    async def open(self, behind: Behind) -> Spot:
        return behind.spot

    async def show_card(self, behind: Behind, spot: Spot) -> Spot:
        place = Place(self._identity.team, behind.place)
        mark = Mark(CARD, f"{behind.conversation_id}:{behind.ticket_id}")
        card_id = spot.card
        if card_id is None and behind.tried:
            card_id = (await self._posting.find(place, CARD, behind.since)).get(mark)
        if behind.card is None:
            return spot
        address = desk_address(self._public_url, behind.conversation_id)
        text, blocks = cards.card(behind.card, f"{behind.ticket_id}:{behind.epoch}", address)
        if card_id is None:
            return Spot(await self._posting.post(place, text, blocks, mark))
        await self._posting.edit(behind.place, card_id, text, blocks)
        return Spot(card_id)

    async def show_lines(self, behind: Behind, spot: Spot) -> None:
        thread = Place(self._identity.team, behind.place, spot.card)
        key = behind.conversation_id
        news = [(Mark(LINE, f"{key}:{one['seq']}"), cards.line(one)) for one in lines(behind, OWN)]
        news += [(Mark(LINE, f"{key}:note:{one['id']}"), cards.note(one)) for one in behind.notes]
        there: dict[Mark, str] = {}
        if news and behind.ticket_id not in self._certain:
            there = await self._posting.find(thread, LINE, behind.since)
        for mark, line in news:
            if mark not in there:
                await self._posting.post(thread, *line, mark)
        self._certain.add(behind.ticket_id)
        if behind.over:
            self._certain.discard(behind.ticket_id)

    async def ready_to_call(self) -> None:
        """Slack is never waited for: it says when it has had enough."""

    async def call(self, call: Call) -> None:
        thread = Place(self._identity.team, self._channel, call.spot.card)
        text, blocks = cards.call(call, call.user.rpartition("/")[2])
        await self._posting.post(thread, text, blocks, Mark(CALL, str(call.offer_id)))

    def failed(self, behind: Behind, error: DeliveryError) -> None:
        self._certain.discard(behind.ticket_id)
