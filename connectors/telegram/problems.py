"""What Telegram's refusals mean for a delivery."""

from datetime import timedelta

import httpx
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter, TelegramError, TimedOut

from connectors.connector import DeliveryError
from connectors.telegram.chat_address import ChatAddress

NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
"""The request was not sent, so the message can't have been shown."""


def delivery_error(error: TelegramError, address: ChatAddress, parts_sent: int) -> DeliveryError:
    """``error`` as the delivery loop understands it."""
    match error:
        case RetryAfter():
            return DeliveryError(str(error), retry_after=seconds_asked(error), parts_sent=parts_sent)
        case ChatMigrated():
            moved = str(address.moved_to(error.new_chat_id))
            return DeliveryError("the group has become a supergroup", moved_to=moved, parts_sent=parts_sent)
        case Forbidden():
            return DeliveryError(error.message, permanent=True)  # blocked, deactivated, or thrown out of the group
        case BadRequest():
            return DeliveryError(error.message, permanent=True)
        case TimedOut() | NetworkError():
            return DeliveryError(error.message, ambiguous=_may_have_arrived(error), parts_sent=parts_sent)
    return DeliveryError(error.message, parts_sent=parts_sent)  # a wrong token: worth trying again once it is mended


def seconds_asked(error: RetryAfter) -> float:
    asked = error.retry_after
    return asked.total_seconds() if isinstance(asked, timedelta) else float(asked)


def _may_have_arrived(error: NetworkError) -> bool:
    """Telegram's own 5xx says that nothing was done; silence, a cut line or a proxy's word do not."""
    if isinstance(error.__cause__, TelegramError):
        return True  # an answer that is not Telegram's
    return error.__cause__ is not None and not isinstance(error.__cause__, NEVER_LEFT)
