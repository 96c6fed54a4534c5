"""One-time codes by e-mail, for what moves money or a parcel: the chat alone doesn't prove who is typing."""

import hashlib
import hmac
import secrets
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol

import anyio
import structlog
from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.orm import Session

from actions.shop.database import ShopDatabase
from actions.shop.model import Order, now
from actions.shop.sessions import GUESS_TIME
from actions.shop.tables import CodeRow, GuessRow

CODE_TIME = timedelta(minutes=15)
TRIES = 5
CODES_PER_ORDER = 6
"""In `GUESS_TIME`. More would be guessing across codes, or a flood in the owner's inbox."""

log = structlog.get_logger(__name__)


class CodesSpentError(Exception):
    """No more codes for this order today."""


class CodeSender(Protocol):
    """Brings a code to an order's owner. Raises `OSError` when it can't."""

    async def send(self, order: Order, code: str) -> None: ...


class MailFolder:
    """The demo shop has no mail server: each mail becomes a file that any mail program opens."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def send(self, order: Order, code: str) -> None:
        mail = EmailMessage()
        mail["From"] = "Juniper & Finch <hello@juniperandfinch.example>"
        mail["To"] = order.email
        mail["Subject"] = f"{code} is your code for order {order.number}"
        mail.set_content(
            f"Hello {order.customer},\n\n{code} is the code our assistant asked you for. It works for 15 minutes.\n"
            "If you aren't chatting with us right now, ignore this mail and nothing will happen.\n\nJuniper & Finch\n"
        )
        folder = anyio.Path(self._folder)
        await folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{now():%Y%m%dT%H%M%S%f}-{order.number}-{secrets.token_hex(3)}.eml"
        await file.write_bytes(bytes(mail))
        log.info("shop_code_mail_written", file=str(file))


class OneTimeCodes:
    """A code is bound to one conversation, order and purpose; it works once, for `CODE_TIME` and `TRIES` tries."""

    def __init__(self, database: ShopDatabase, sender: CodeSender) -> None:
        self._database = database
        self._sender = sender

    async def send(self, sender_id: str, order: Order, purpose: str) -> None:
        """Send a new code; an earlier one for the same purpose stops working. Raises `CodesSpentError`."""
        code = f"{secrets.randbelow(1_000_000):06}"
        await self._database.write(_keep, sender_id, order.number, purpose, code)
        await self._sender.send(order, code)

    async def check(self, sender_id: str, number: str, purpose: str, code: str, *, key: str) -> bool:
        """Whether the code is right. A wrong one uses up a try; a code spent by another message is wrong."""
        return await self._database.write(_check, sender_id, number, purpose, code, key)

    async def spend(self, sender_id: str, number: str, purpose: str, code: str, *, key: str) -> bool:
        """`check`, and from now on the code works for no message but this one (whose turn may run again)."""
        return await self._database.write(_spend, sender_id, number, purpose, code, key)


def _keep(session: Session, sender_id: str, number: str, purpose: str, code: str) -> None:
    target = f"code:{number}"
    sent = select(func.count()).where(GuessRow.target == target, GuessRow.at > now() - GUESS_TIME)
    if (session.scalar(sent) or 0) >= CODES_PER_ORDER:
        log.warning("shop_guess_budget_spent", scope="code", sender_id=sender_id, order_number=number)
        raise CodesSpentError(number)
    session.add(GuessRow(target=target, at=now()))
    session.execute(delete(CodeRow).where(*_this(sender_id, number, purpose)))
    session.add(
        CodeRow(
            sender_id=sender_id,
            order_number=number,
            purpose=purpose,
            digest=_digest(sender_id, code),
            tries_left=TRIES,
            expires_at=now() + CODE_TIME,
        )
    )


def _check(session: Session, sender_id: str, number: str, purpose: str, code: str, key: str) -> bool:
    row = _this(sender_id, number, purpose)
    use_up = (
        update(CodeRow)
        .where(*row, CodeRow.tries_left > 0, CodeRow.expires_at > now())
        .where(or_(CodeRow.spent_by.is_(None), CodeRow.spent_by == key))
        .values(tries_left=CodeRow.tries_left - 1)
        .returning(CodeRow.digest)
    )
    digest = session.execute(use_up).scalar_one_or_none()
    right = hmac.compare_digest(digest or "", _digest(sender_id, code))
    if right:
        session.execute(update(CodeRow).where(*row).values(tries_left=CodeRow.tries_left + 1))
    return right


def _spend(session: Session, sender_id: str, number: str, purpose: str, code: str, key: str) -> bool:
    right = _check(session, sender_id, number, purpose, code, key)
    if right:
        session.execute(update(CodeRow).where(*_this(sender_id, number, purpose)).values(spent_by=key))
    return right


def _this(sender_id: str, number: str, purpose: str) -> tuple[ColumnElement[bool], ...]:
    return CodeRow.sender_id == sender_id, CodeRow.order_number == number, CodeRow.purpose == purpose


def _digest(sender_id: str, code: str) -> str:
    return hashlib.sha256(f"{sender_id}:{code}".encode()).hexdigest()
