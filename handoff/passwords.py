"""Passwords: argon2id hashes. Each call costs tens of milliseconds and 64 MiB on purpose, so never inside a transaction."""

import secrets
from dataclasses import dataclass
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MIN_LENGTH = 10
MAX_LENGTH = 200
# RFC 9106, second recommended option: 3 passes over 64 MiB in 4 lanes.
HASHER = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4)


class WeakPassword(ValueError):
    """Too short or too long to be a password; the message says what is allowed."""


@dataclass(frozen=True)
class Verdict:
    """``new_hash`` is set when the password is right but its hash was made with older parameters."""

    right: bool
    new_hash: str | None = None


def new_hash(password: str) -> str:
    """The hash to keep. Raises :class:`WeakPassword`."""
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        raise WeakPassword(f"A password has {MIN_LENGTH} to {MAX_LENGTH} characters.")
    return HASHER.hash(password)


def check(password: str, known_hash: str | None) -> Verdict:
    """Whether ``password`` fits. Without a hash (nobody has this address) it does the same work and says no."""
    try:
        HASHER.verify(known_hash or _hash_of_nobody(), password)
    except (VerificationError, InvalidHashError):
        return Verdict(right=False)
    if known_hash is None:
        return Verdict(right=False)
    return Verdict(right=True, new_hash=HASHER.hash(password) if HASHER.check_needs_rehash(known_hash) else None)


def one_time_password() -> str:
    """A random password that is easy to copy from a terminal: about 95 bits."""
    return secrets.token_urlsafe(12)


@cache
def _hash_of_nobody() -> str:
    return HASHER.hash(secrets.token_urlsafe(32))
