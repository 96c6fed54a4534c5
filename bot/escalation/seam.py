"""Where the watch joins Rasa's turn: right after slots were filled, before any policy is asked.

Rasa has a hook there, `action_validate_slot_mappings`, but only on the action server: every message, "hello" too, would cost
a call and fail while that server is away. `rasa run`, `shell` and `test` all pass through this place.
"""

from rasa.core.actions.action import ActionBotResponse, ActionExtractSlots
from rasa.core.channels.channel import OutputChannel
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot.escalation.rules_file import RulesFile
from bot.escalation.watch import watch_over

WATCHED_SLOTS = frozenset({"_must_escalate", "_decision", "_quiet", "_person_offer", "_offer_evidence", "offer_reason"})

ANY_OFFER = "utter_person_offer"


def install() -> None:
    """Patches Rasa's class in this process; again is harmless. Raises RulesError when the authors' rules can't be used."""
    rules = RulesFile()
    validating = ActionExtractSlots._execute_validation_action  # noqa: SLF001 (a patch)
    if hasattr(validating, "__wrapped__"):
        return

    async def watched(
        self: ActionExtractSlots,
        extraction_events: list[Event],
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        tracker: DialogueStateTracker,
        domain: Domain,
    ) -> list[Event]:
        events = await validating(self, extraction_events, output_channel, nlg, tracker, domain)
        return [*events, *await watch_events(rules, output_channel, nlg, tracker, domain)]

    watched.__wrapped__ = validating  # type: ignore[attr-defined]
    ActionExtractSlots._execute_validation_action = watched  # noqa: SLF001


async def watch_events(
    rules: RulesFile,
    output_channel: OutputChannel,
    nlg: NaturalLanguageGenerator,
    tracker: DialogueStateTracker,
    domain: Domain,
) -> list[Event]:
    """What the watch says and remembers. Nothing in a domain that keeps no room for its decisions."""
    if not {slot.name for slot in domain.slots} >= WATCHED_SLOTS:
        return []
    watched = watch_over(tracker, rules.current())
    events: list[Event] = [SlotSet(name, value) for name, value in watched.slots.items()]
    if watched.response is not None:
        known = watched.response if watched.response in domain.responses else ANY_OFFER
        events += await ActionBotResponse(known).run(output_channel, nlg, tracker, domain)
    return events
