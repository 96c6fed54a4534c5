"""Who a conversation has proved to be, for how long, and how often anyone may try."""

import hashlib
import hmac
from datetime import datetime, timedelta

import structlog
from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from actions.shop.database import ShopDatabase
from actions.shop.model import Contact, Order, now
from actions.shop.shop import Shop
from actions.shop.tables import GuessRow, SessionRow

SESSION_TIME = timedelta(minutes=30)
"""Since the last use: the session slides."""
SLIDING_STEP = timedelta(minutes=1)
"""It is written no more often: a session may end so much earlier."""

GUESS_TIME = timedelta(hours=24)
BUDGETS = {"session": 8, "order": 10, "contact": 10}
"""Wrong tries in `GUESS_TIME` by one conversation, at one order, and with one e-mail or postcode."""

# Made once: each action that shows an order asks for it.
OPEN_SESSION = select(SessionRow.email, SessionRow.expires_at).where(
    SessionRow.sender_id == bindparam("sender_id"), SessionRow.expires_at > bindparam("moment")
)

_NOBODY = Contact(email="nobody@invalid", postcode="-----")

log = structlog.get_logger(__name__)


class ShopSessions:
    """Kept in the shop's database, keyed by Rasa's `sender_id`, so neither a restart nor a typed slot changes them."""

    def __init__(self, database: ShopDatabase, shop: Shop) -> None:
        self._database = database
        self._shop = shop

    async def verify(self, sender_id: str, number: str, contact: str) -> bool:
        """Whether `contact` (an e-mail or a postcode) belongs to order `number`; if so the session is open.

        A missing order, a wrong contact and a spent budget take the same steps and give the same False.
        """
        known = await self._shop.contact(number)
        return await self._database.write(_verify, known, sender_id, number, contact)

    async def order(self, sender_id: str, number: str) -> Order | None:
        """The order, if this conversation has proved to be its customer's."""
        email = await self._email(sender_id)
        order = await self._shop.order(number) if email else None
        return order if order and order.email == email else None

    async def orders(self, sender_id: str) -> list[Order]:
        """All orders of the proved customer, newest first; none without a proof."""
        email = await self._email(sender_id)
        return await self._shop.orders_of(email) if email else []

    async def proved_orders(self, sender_id: str) -> list[Order]:
        """The same for staff: also after the session's end, and looking doesn't prolong it."""
        email = await self._database.read(_last_email, sender_id)
        return await self._shop.orders_of(email) if email else []

    async def forget(self, sender_id: str) -> None:
        """Erase what this conversation has proved."""
        await self._database.write(_forget, sender_id)

    async def _email(self, sender_id: str) -> str | None:
        moment = now()
        proved = await self._database.read(_open_session, sender_id, moment)
        if proved is None:
            return None
        email, expires_at = proved
        if expires_at < moment + SESSION_TIME - SLIDING_STEP:
            await self._database.write(_slide, sender_id, moment)
        return email


def _verify(session: Session, known: Contact | None, sender_id: str, number: str, contact: str) -> bool:
    targets = _targets(sender_id, number, contact)
    guesses = [GuessRow(target=target, at=now()) for target in targets.values()]
    session.add_all(guesses)
    session.flush()
    spent = _spent_budgets(session, targets)
    matches = _matches(known or _NOBODY, contact) and known is not None
    for scope in spent:
        log.warning("shop_guess_budget_spent", scope=scope, sender_id=sender_id, order_number=number)
    if spent or not matches or known is None:
        return False
    for guess in guesses:
        session.delete(guess)
    _open(session, sender_id, known.email)
    return True


def _open_session(session: Session, sender_id: str, moment: datetime) -> tuple[str, datetime] | None:
    """The proved customer's e-mail, and when the session ends."""
    proved = session.execute(OPEN_SESSION, {"sender_id": sender_id, "moment": moment}).one_or_none()
    return (proved.email, proved.expires_at) if proved else None


def _last_email(session: Session, sender_id: str) -> str | None:
    return session.scalar(select(SessionRow.email).where(SessionRow.sender_id == sender_id))


def _slide(session: Session, sender_id: str, moment: datetime) -> None:
    is_open = SessionRow.sender_id == sender_id, SessionRow.expires_at > moment
    session.execute(update(SessionRow).where(*is_open).values(expires_at=moment + SESSION_TIME))


def _forget(session: Session, sender_id: str) -> None:
    session.execute(delete(SessionRow).where(SessionRow.sender_id == sender_id))


def _targets(sender_id: str, number: str, contact: str) -> dict[str, str]:
    # Guessed e-mails may be real people's: only their hash is kept.
    hashed = hashlib.sha256(_plain(contact).encode()).hexdigest()
    return {"session": f"session:{sender_id}", "order": f"order:{number}", "contact": f"contact:{hashed}"}


def _spent_budgets(session: Session, targets: dict[str, str]) -> list[str]:
    query = (
        select(GuessRow.target, func.count())
        .where(GuessRow.target.in_(targets.values()), GuessRow.at > now() - GUESS_TIME)
        .group_by(GuessRow.target)
    )
    counts = {target: count for target, count in session.execute(query)}
    return [scope for scope, target in targets.items() if counts[target] > BUDGETS[scope]]


def _open(session: Session, sender_id: str, email: str) -> None:
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    fields = {"email": email, "expires_at": now() + SESSION_TIME}
    row = insert(SessionRow).values(sender_id=sender_id, **fields)
    session.execute(row.on_conflict_do_update(index_elements=[SessionRow.sender_id], set_=fields))


def _matches(known: Contact, contact: str) -> bool:
    """Compares with both facts, each in constant time, whatever `contact` looks like."""
    given = _plain(contact).encode()
    by_email = hmac.compare_digest(given, _plain(known.email).encode())
    by_postcode = hmac.compare_digest(given[:5] if _is_zip_plus_four(contact) else given, known.postcode.encode())
    return by_email or by_postcode


def _plain(contact: str) -> str:
    return contact.strip().casefold()


def _is_zip_plus_four(contact: str) -> bool:
    return len(contact.strip()) == 10 and contact.strip()[5] == "-"
