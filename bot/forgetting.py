"""What conversations leave in this process's memory, let go when a customer has them erased."""

from collections.abc import Collection
from typing import Any

from pydantic import BaseModel, Field
from rasa.core.agent import Agent

from bot.encoder import load_encoder
from bot.escalation import repeats
from bot.tracker_store import StrictTrackerStore
from bot.turns import Turns


class ForgetRequest(BaseModel):
    """`sender_ids`: the cases of the conversation."""

    sender_ids: list[str] = Field(min_items=1)


def forget(agent: Agent, turns: Turns, sender_ids: Collection[str]) -> None:
    """Their turns and trackers, and whatever remembers single sentences, whosever they were: it fills again by itself."""
    turns.forget(sender_ids)
    store: Any = agent.tracker_store
    if isinstance(store, StrictTrackerStore):
        store.forget(sender_ids)
    repeats.forget()
    if load_encoder.cache_info().currsize:
        load_encoder().forget()
