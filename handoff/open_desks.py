"""Open desks: which agents have one, at any gateway. Each gateway speaks for its own, and renews what it says.

``Agent.present_at`` remembers the agent's own switch; ``Agent.present`` is the outcome that the queue reads: they want to be
there and have a desk open somewhere. Several gateways side by side come to the same answer, because all of them read it here.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, exists, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from handoff.schema import Agent, OpenDesk


@dataclass(frozen=True)
class Moved:
    """Whose presence has changed just now."""

    back: list[str]
    gone: list[str]


def give_patience(session: Session, gateway: str, until: datetime) -> None:
    """A gateway begins: whoever is present may have had a desk open at the one before it, and has time to open it here."""
    _keep(session, gateway, session.scalars(select(Agent.id).where(Agent.present)).all(), until)


def closed(session: Session, gateway: str, agent_id: str, until: datetime) -> None:
    """The last desk of this agent at this gateway has closed; until then they may be back."""
    mine = (OpenDesk.agent_id == agent_id, OpenDesk.gateway == gateway)
    session.execute(update(OpenDesk).where(*mine).values(until=until))


def here(session: Session, chat: str, agent_id: str, until: datetime) -> None:
    """An agent works from ``chat``, which counts as an open desk until then."""
    _keep(session, chat, [agent_id], until)


def left(session: Session, chat: str, agent_id: str) -> None:
    """The agent does not work from ``chat`` any more."""
    session.execute(delete(OpenDesk).where(OpenDesk.agent_id == agent_id, OpenDesk.gateway == chat))


def check(
    session: Session, gateway: str, agent_ids: Collection[str], until: datetime, patience: timedelta, now: datetime
) -> Moved:
    """``agent_ids`` have a desk open at this gateway, which counts ``until`` then; who has none anywhere is not present.

    Who has just said that they are there is given ``patience`` to open one.
    """
    _keep(session, gateway, agent_ids, until)
    wanted = (Agent.id.in_(agent_ids), Agent.present_at.is_not(None), Agent.present.is_(False))
    back = list(session.scalars(select(Agent.id).where(*wanted)))
    session.execute(update(Agent).where(Agent.id.in_(back)).values(present=True))
    open_somewhere = exists().where(OpenDesk.agent_id == Agent.id, OpenDesk.until > now)
    said_long_ago = or_(Agent.present_at.is_(None), Agent.present_at <= now - patience)
    gone = list(session.scalars(select(Agent.id).where(Agent.present, ~open_somewhere, said_long_ago)))
    session.execute(update(Agent).where(Agent.id.in_(gone)).values(present=False))
    session.execute(delete(OpenDesk).where(OpenDesk.until <= now))
    return Moved(back, gone)


def _keep(session: Session, gateway: str, agent_ids: Collection[str], until: datetime) -> None:
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    rows = [{"agent_id": agent_id, "gateway": gateway, "until": until} for agent_id in sorted(agent_ids)]
    if rows:
        kept = insert(OpenDesk)
        key = ["agent_id", "gateway"]
        session.execute(kept.on_conflict_do_update(index_elements=key, set_={"until": kept.excluded.until}), rows)
