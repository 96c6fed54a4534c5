"""What Prometheus reads about this channel; listed in docs/operations.md."""

from prometheus_client import Counter

IGNORED = Counter("frontdesk_telegram_ignored", "Updates with nothing in them for us.", ["why"])
FORGED = Counter("frontdesk_telegram_forged", "Webhooks without the right secret.")
"""``why``: service (joins and the like), not_for_us, membership, bot, unknown, unreadable …"""
