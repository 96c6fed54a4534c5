"""E-mail addresses as customers write them."""

import re

from email_validator import EmailNotValidError, validate_email

_AROUND = "<>()[]{}.,;:!?\"'“”‘’"


class NotAnAddressError(Exception):
    """There is no usable address; the message is a sentence for the customer."""


def address_in(text: str) -> str:
    """The first e-mail address in ``text``, in its normal form. Raises :class:`NotAnAddressError`.

    Only its form is checked: whether somebody reads it shows when a person writes there.
    """
    written = next((word for word in re.split(r"\s+", text) if "@" in word), text)
    try:
        return validate_email(written.strip(_AROUND), check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise NotAnAddressError(str(error)) from None
