"""An event as JSON, written once: it is stored, and shown to every custom action that comes after it."""

import json

from rasa.shared.core.events import Event


def written(event: Event) -> str:
    """The JSON of an event that is in a tracker. Rasa changes such an event's time and metadata only by replacing them."""
    state = (event.timestamp, event.metadata)
    known_state, text = vars(event).get("_written", (None, ""))
    if known_state is None or known_state[0] != state[0] or known_state[1] is not state[1]:
        text = json.dumps(event.as_dict())
        vars(event)["_written"] = (state, text)
    return text
