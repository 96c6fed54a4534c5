"""A conversation that only grows is read on from where it was read last, instead of from its beginning each time.

Rasa replays all events for each copy of a tracker, and for each prediction of each policy.
"""

import copy
import operator
from collections import deque
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import (
    ActionExecuted,
    ActionReverted,
    ActiveLoop,
    Event,
    FollowupAction,
    LegacyForm,
    Restarted,
    SessionStarted,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker

REVERTING = frozenset({ActionReverted, UserUtteranceReverted})
LOOPS = frozenset({ActiveLoop, LegacyForm})
BEGINNING_ANEW = frozenset({Restarted, SessionStarted})


def apply() -> None:
    """Patches Rasa's classes in this process; again is harmless."""
    if hasattr(DialogueStateTracker.copy, "__wrapped__"):
        return
    DialogueStateTracker.copy = _instead_of(DialogueStateTracker.copy, copy_of)
    DialogueStateTracker.applied_events = _read_on(DialogueStateTracker.applied_events)
    Domain.states_for_tracker_history = _states_read_on(Domain.states_for_tracker_history)
    Slot.__copy__ = _copy_of_slot
    Event.resolve_by_type = staticmethod(lru_cache(maxsize=None)(Event.resolve_by_type))


def copy_of(tracker: DialogueStateTracker) -> DialogueStateTracker:
    """The same conversation in the same state; what happens to one is not seen by the other."""
    if not REVERTING.isdisjoint(map(type, tracker.events)):
        replayed: DialogueStateTracker = copy_of.__wrapped__(tracker)  # type: ignore[attr-defined]
        return replayed
    twin = DialogueStateTracker.__new__(DialogueStateTracker)
    twin.__dict__.update({name: value for name, value in vars(tracker).items() if name != "_history"})
    twin.events = deque(tracker.events, tracker.events.maxlen)
    twin.slots = {name: _copy_of_slot(slot) for name, slot in tracker.slots.items()}
    twin.active_loop = copy.copy(tracker.active_loop)
    twin.followup_action = _followup_of(tracker)
    # A copy made from the events alone, as Rasa's own, knows nothing of these.
    twin.model_id = twin.assistant_id = twin.sender_source = None
    return twin


def _followup_of(tracker: DialogueStateTracker) -> str | None:
    """The action that the events ask for. Rasa has the tracker itself forget it a moment earlier, when it is chosen."""
    for event in reversed(tracker.events):
        if isinstance(event, (ActionExecuted, UserUttered)):
            return None
        if isinstance(event, FollowupAction):
            asked_for: str = event.action_name
            return asked_for
        if isinstance(event, Restarted):
            return ACTION_SESSION_START_NAME
    return ACTION_LISTEN_NAME


class History:
    """The states before each action, and a tracker that has come as far as they go."""

    def __init__(self, tracker: DialogueStateTracker) -> None:
        self._reader = tracker.init_copy()
        self._read: list[Event] = []
        self._states: list[State] = []

    def leads_to(self, events: list[Event]) -> bool:
        """Whether `events` begin with what was read. They don't when a form's next turn makes Rasa forget its last."""
        return len(self._read) <= len(events) and all(map(operator.is_, self._read, events))

    def states(self, events: list[Event], domain: Domain) -> list[State]:
        """The state before each action in `events`, and the one at their end; the caller may change them."""
        for event in events[len(self._read) :]:
            if isinstance(event, ActionExecuted):
                self._states.append(self._state(domain))
            self._reader.update(event)
            self._read.append(event)
        return [_copy_of_state(state) for state in [*self._states, self._state(domain)]]

    def _state(self, domain: Domain) -> State:
        return domain.get_active_state(self._reader)


def _states_read_on(states_for_tracker_history: Any) -> Any:
    def read_on(
        self: Domain,
        tracker: DialogueStateTracker,
        omit_unset_slots: bool = False,
        ignore_rule_only_turns: bool = False,
        rule_only_data: dict[str, Any] | None = None,
    ) -> list[State]:
        if omit_unset_slots or ignore_rule_only_turns:
            states: list[State] = states_for_tracker_history(
                self, tracker, omit_unset_slots, ignore_rule_only_turns, rule_only_data
            )
            return states
        events = tracker.applied_events()
        history = vars(tracker).get("_history")
        if history is None or not history.leads_to(events):
            history = vars(tracker)["_history"] = History(tracker)
        return history.states(events, self)

    read_on.__wrapped__ = states_for_tracker_history  # type: ignore[attr-defined]
    return read_on


class Applied:
    """The events of a conversation that still count, as far as they were read. Never changed: copies share it."""

    def __init__(self, read: int, last: Event | None, loops: frozenset[str], events: list[Event]) -> None:
        self.read = read
        self.last = last
        self.loops = loops
        self.events = events

    def is_beginning_of(self, events: Sequence[Event]) -> bool:
        return 0 < self.read <= len(events) and events[self.read - 1] is self.last

    def and_then(self, tracker: DialogueStateTracker, new: list[Event]) -> "Applied | None":
        """With `new` after them; None when these change what those before them have come to."""
        if not REVERTING.isdisjoint(map(type, new)) or not self.loops.issuperset(_loops(new)):
            return None
        applied = list(self.events)
        for event in new:
            if type(event) in BEGINNING_ANEW:
                applied = []
            elif type(event) is ActionExecuted and self._runs_again(tracker, event.action_name, applied):
                tracker._undo_till_previous_loop_execution(event.action_name, applied)  # noqa: SLF001 (a patch)
            else:
                applied.append(event)
        return Applied(self.read + len(new), new[-1], self.loops, applied)

    def _runs_again(self, tracker: DialogueStateTracker, action: str | None, applied: list[Event]) -> bool:
        """Whether a loop goes on: of its runs only the last one counts."""
        return action in self.loops and not tracker._first_loop_execution_or_unhappy_path(action, applied)  # noqa: SLF001


def _read_on(applied_events: Any) -> Any:
    """Rasa reads all events anew, several times between one event and the next."""

    def read_on(self: DialogueStateTracker) -> list[Event]:
        known: Applied | None = vars(self).get("_applied")
        if known is None or not known.is_beginning_of(self.events):
            known = None
        elif known.read < len(self.events):
            known = known.and_then(self, list(self.events)[known.read :])
        if known is None:
            last = self.events[-1] if self.events else None
            known = Applied(len(self.events), last, frozenset(_loops(self.events)), applied_events(self))
        vars(self)["_applied"] = known
        return list(known.events)

    read_on.__wrapped__ = applied_events  # type: ignore[attr-defined]
    return read_on


def _loops(events: Iterable[Event]) -> list[str]:
    return [event.name for event in events if type(event) in LOOPS and event.name]


def _instead_of(original: Any, faster: Any) -> Any:
    faster.__wrapped__ = original
    return faster


def _copy_of_slot(slot: Slot) -> Slot:
    twin = slot.__class__.__new__(slot.__class__)
    twin.__dict__.update(slot.__dict__)
    return twin


def _copy_of_state(state: State) -> State:
    return {part: dict(features) for part, features in state.items()}
