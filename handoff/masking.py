"""Personal details as the desk shows them: enough to recognise, not enough to use."""

import re

EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")


def masked_email(email: str) -> str:
    """``m•••@example.com``"""
    name, _, domain = email.partition("@")
    return f"{name[:1]}•••@{domain}"


def masked(text: str) -> str:
    """``text`` with every e-mail address in it masked."""
    return EMAIL.sub(lambda found: masked_email(found.group()), text)
