"""The people of these tests: Maya is a customer, Ana and Ben are agents."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from handoff import inbox, turn_leases
from handoff.bot_reply import BotPart, BotReply
from handoff.database import Database
from handoff.inbox import Accepted, Inbound
from handoff.schema import Agent
from handoff.turn_leases import Turn

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def add_agent(
    session: Session, name: str, present: bool = True, capacity: int = 4, skills: tuple[str, ...] = ()
) -> str:
    agent = Agent(
        id=f"a_{name.lower()}",
        email=f"{name.lower()}@juniperandfinch.example",
        name=name,
        role="agent",
        password_hash="-",
        present=present,
        capacity=capacity,
        skills=list(skills),
        created_at=NOON,
    )
    session.add(agent)
    session.flush()
    return agent.id


def present_ids(session: Session) -> list[str]:
    return list(session.scalars(select(Agent.id).where(Agent.present)))


def write_in(database: Database, text: str, key: str, seconds: float = 0, address: str = "maya") -> Accepted:
    inbound = Inbound(channel="web", address=address, dedupe_key=key, text=text, client_id=key)
    return database.write_now(inbox.accept, inbound, at(seconds))


def take(database: Database, seconds: float = 0, owner: str = "gateway-1") -> Turn:
    turn = database.write_now(turn_leases.take, owner, at(seconds))
    assert turn is not None
    return turn


def bot_says(*texts: str, **fields: object) -> BotReply:
    return BotReply([BotPart(text) for text in texts], **fields)  # type: ignore[arg-type]
