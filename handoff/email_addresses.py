"""E-mail addresses as customers write them."""

import re
from typing import Final

from email_validator import EmailNotValidError, validate_email

_AROUND = "<>()[]{}.,;:!?\"'“”‘’"
_MEANT: Final = re.compile(
    r"""
    ((it|that|it['’]?s|my|e-?mail|mail|address|is|sure|ok|okay|yes|please|use|to)[\s:,]+)*
    (
        \S+ (\s+at\s+(?!(it|this|that|me|all|home|work)\b) | \s*[(\[]at[)\]]\s*) [\w.-]+ (\s+dot\s+\w+)*
        | [\w+-]+(\.[\w+-]+)*[.,](com|net|org|edu)
    )
    [.!\s]*
    """,
    re.VERBOSE | re.IGNORECASE,
)


class NotAnAddressError(Exception):
    """There is no usable address."""


def meant_as_address(text: str) -> bool:
    """Whether somebody who was asked for an address tries to give one with this, usable or not. Never raises."""
    return "@" in text or _MEANT.fullmatch(text.strip()) is not None


def address_in(text: str) -> str:
    """The first e-mail address in ``text``, in its normal form. Raises :class:`NotAnAddressError`.

    Only its form is checked: whether somebody reads it shows when a person writes there.
    """
    written = next((word for word in re.split(r"\s+", text) if "@" in word), text)
    try:
        return validate_email(written.strip(_AROUND), check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise NotAnAddressError from error
