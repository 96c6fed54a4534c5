"""What Rasa does in every turn without need, left out. Each patch changes how fast, never what.

`apply()` is called by the channel; `rasa train`, `test` and `shell` run without it.
"""

from functools import lru_cache
from types import SimpleNamespace
from typing import Any

import rasa.core.processor
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import Domain


def apply() -> None:
    """Patches Rasa's classes in this process; again is harmless."""
    RemoteAction._validate_action_result = validate_action_result  # noqa: SLF001 (a patch)
    # The processor copies events deeply, only to hand them to debug logs that nobody reads.
    rasa.core.processor.copy = SimpleNamespace(deepcopy=_itself)
    if not hasattr(Domain.as_dict, "__wrapped__"):
        Domain.as_dict = _once_per_domain(Domain.as_dict)


def validate_action_result(_: RemoteAction, result: dict[str, Any]) -> bool:
    """Checks an action's answer with a validator built once. Rasa builds it, and checks the schema itself, each time."""
    _validator().validate(result)
    return True


@lru_cache(maxsize=1)
def _validator() -> Any:
    schema = RemoteAction.action_response_format_spec()
    return validator_for(schema)(schema)


def _once_per_domain(as_dict: Any) -> Any:
    """A loaded domain never changes, but Rasa writes it out anew for each custom action."""

    def remembered(domain: Domain) -> dict[str, Any]:
        if "_written_out" not in vars(domain):
            vars(domain)["_written_out"] = as_dict(domain)
        written: dict[str, Any] = vars(domain)["_written_out"]
        return written

    remembered.__wrapped__ = as_dict  # type: ignore[attr-defined]
    return remembered


def _itself(value: Any) -> Any:
    return value
