"""Logs: for people on a terminal, JSON for machines, and never what a customer wrote.

Every line goes through `redact`, those of libraries too. At INFO and above the values of private keys are dropped and
addresses, tokens and SQL parameters that slipped into other words are masked.
"""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog
from structlog.typing import Processor

from connectors.gateway.settings import Settings

HIDDEN = "[hidden]"
SECRET_KEYS = frozenset({"password", "token", "secret", "authorization", "cookie", "csrf"})
TEXT_KEYS = frozenset(
    {"text", "message", "body", "payload", "content", "words", "note", "transcript"}
    | {"email", "postcode", "customer_data", "slots", "entities", "parameters"}
)
MASKS = (
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "[e-mail]"),
    (re.compile(r"(?<!\d)\d{6,}:[A-Za-z0-9_-]{30,}"), "[token]"),  # Telegram, which also puts it into its addresses
    (re.compile(r"\bx(?:ox[a-z]|app)-[A-Za-z0-9-]{8,}"), "[token]"),  # Slack
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{8,}"), r"\1 [token]"),
    (re.compile(r"(?<=://)[^\s/:@]*:[^\s/@]+(?=@)"), "[login]"),  # user:password in an address
    (re.compile(r"\[parameters: .*?\](?=\n|$)", re.DOTALL), "[parameters hidden]"),  # SQLAlchemy shows its values
)


def set_up_logs(settings: Settings) -> None:
    """Route structlog and the standard library's loggers to stderr in the chosen shape. Call once per process."""
    for_people = as_text(settings, sys.stderr)
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="%H:%M:%S" if for_people else "iso", utc=not for_people),
        structlog.processors.format_exc_info,
        redact,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    last: Processor = (
        structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), pad_event_to=0)
        if for_people
        else structlog.processors.JSONRenderer()
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last]
        )
    )
    logging.basicConfig(handlers=[handler], level=settings.log_level.upper(), force=True)
    _quieten_libraries(settings)


def as_text(settings: Settings, out: TextIO) -> bool:
    """Whether `out` is read by people rather than machines."""
    return settings.log_format == "text" or (settings.log_format == "auto" and out.isatty())


def redact(_logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Hide what is private in one log event. DEBUG keeps message texts, but never tokens or passwords."""
    hidden = SECRET_KEYS if (event.get("level") or method) == "debug" else SECRET_KEYS | TEXT_KEYS
    for key, value in event.items():
        if not key.startswith("_"):  # structlog's own luggage
            event[key] = _masked(key, value, hidden)
    return event


def _masked(key: str, value: Any, hidden: frozenset[str]) -> Any:
    if key in hidden:
        return HIDDEN
    if isinstance(value, dict):
        return {name: _masked(str(name), inner, hidden) for name, inner in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [_masked(key, inner, hidden) for inner in value]
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return mask_words(str(value))


def mask_words(text: str) -> str:
    """Replace addresses, tokens, logins and SQL parameters in `text`."""
    for pattern, replacement in MASKS:
        text = pattern.sub(replacement, text)
    return text


def _quieten_libraries(settings: Settings) -> None:
    """Libraries that log each request at INFO say nothing we need, and some say tokens."""
    for name in ("httpx", "httpcore", "asyncio", "socketio", "engineio", "telegram", "slack_sdk"):
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in ("sanic.root", "sanic.error", "sanic.access", "sanic.server", "sanic.websockets"):
        logger = logging.getLogger(name)
        logger.handlers.clear()  # Sanic brings its own; one way out is enough
        logger.propagate = True
        logger.setLevel(logging.DEBUG if settings.log_level == "debug" else logging.WARNING)
