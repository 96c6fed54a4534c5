"""Rasa's message processor, made honest: a turn is whole and saved, or it failed and left nothing behind."""

import re
from typing import Any, NoReturn

from rasa.core.actions.action import Action, ActionBotResponse, ActionExecutionRejection, ActionRetrieveResponse
from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, OutputChannel, UserMessage
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import FailSafeTrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, FollowupAction, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot import parse_data
from bot.action_endpoint import ActionEndpoint, ActionServerUnreachable
from bot.tracker_store import StrictTrackerStore
from bot.turn_request import TurnRequest
from bot.turn_result import FinishedTurn
from bot.waiting import left_off, stays_silent

TASK_SLOT = "task"
TASK_FORM = "order_form"
LEADING_SLASHES = re.compile(r"[\s/]+")


class TurnFailed(Exception):
    """The turn was abandoned; the tracker is as it was before, so the same message may be tried again."""


class TurnPutOff(TurnFailed):
    """As TurnFailed, for a reason that passes by itself."""


class WrongTrackerStore(TurnFailed):
    """endpoints.yml names a tracker store that cannot tell a lost conversation from a new one."""


class TurnProcessor(MessageProcessor):
    """Runs one turn and tells how it went."""

    tracker_store: StrictTrackerStore

    @classmethod
    def adopting(cls, loaded: MessageProcessor) -> "TurnProcessor":
        """Takes over the model that Rasa has loaded, without loading it a second time."""
        processor = cls.__new__(cls)
        processor.__dict__.update(vars(loaded))
        processor.tracker_store = _strict(loaded.tracker_store)
        processor.action_endpoint = ActionEndpoint(loaded.action_endpoint)
        processor.on_circuit_break = _give_up
        return processor

    async def turn(self, request: TurnRequest) -> FinishedTurn:
        """The turn as it was saved before; when this message never had one, the turn that it has now."""
        opened = await self.tracker_store.open_turn(request.sender_id, request.message_id)
        return opened if isinstance(opened, FinishedTurn) else await self._run_turn(request, opened)

    async def _run_turn(self, request: TurnRequest, tracker: DialogueStateTracker) -> FinishedTurn:
        """Understands, acts, and saves the tracker once at the end. Raises and saves nothing when any of it fails."""
        message = self._message(request)
        tracker.model_id = self.model_metadata.model_id
        tracker.assistant_id = tracker.assistant_id or self.model_metadata.assistant_id
        events_before = len(tracker.events)
        await self._update_tracker_session(tracker, message.output_channel, message.metadata)
        await self._handle_message_with_tracker(message, tracker)
        tracker.update_with_events(left_off(request.metadata, tracker), self.domain)
        tracker = await self.run_action_extract_slots(message.output_channel, tracker)
        if stays_silent(request.metadata, tracker):
            tracker.update(ActionExecuted(ACTION_LISTEN_NAME))
        else:
            await self._run_prediction_loop(message.output_channel, tracker)
        await self.save_tracker(tracker)
        return FinishedTurn(list(tracker.events)[events_before:], tracker)

    def _message(self, request: TurnRequest) -> UserMessage:
        return UserMessage(
            text=request.text if request.payload is None else request.payload,
            output_channel=CollectingOutputChannel(),
            sender_id=request.sender_id,
            parse_data=None if request.payload is None else parse_data.from_payload(request.payload, self.domain),
            input_channel="frontdesk",
            message_id=request.message_id,
            metadata=request.metadata,
        )

    async def parse_message(
        self,
        message: UserMessage,
        tracker: DialogueStateTracker | None = None,
        only_output_properties: bool = True,
    ) -> dict[str, Any]:
        """Reads a leading "/" as text: Rasa would take "/refund" for the intent itself, at confidence 1.0."""
        typed = message.text
        message.text = LEADING_SLASHES.sub(lambda slashes: " " * len(slashes[0]), typed, count=1) if typed else typed
        try:
            parsed = await super().parse_message(message, tracker, only_output_properties)
        finally:
            message.text = typed
        parsed["text"] = typed
        return parsed

    async def _run_action(
        self,
        action: Action,
        tracker: DialogueStateTracker,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        prediction: PolicyPrediction,
    ) -> bool:
        attempt = ActionAttempt(EveryAnswer(action) if isinstance(action, ActionRetrieveResponse) else action)
        another = await super()._run_action(attempt, tracker, output_channel, nlg, prediction)
        if isinstance(attempt.error, ActionServerUnreachable):
            raise TurnPutOff(f"the action server is away: {attempt.error}") from attempt.error
        if attempt.error is not None:
            raise TurnFailed(f"action {action.name()!r} failed: {attempt.error}") from attempt.error
        return another


class EveryAnswer(Action):
    """`utter_faq` for a message with several requests: Rasa's own action answers only one question.

    A task asked for beside it begins as soon as the question is answered.
    """

    def __init__(self, action: ActionRetrieveResponse) -> None:
        self._action = action

    def name(self) -> str:
        return self._action.name()

    async def run(
        self,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        tracker: DialogueStateTracker,
        domain: Domain,
    ) -> list[Event]:
        requests = tracker.latest_message.parse_data.get("requests", [])
        responses = [f"utter_{request['label']}" for request in requests]
        answers = [response for response in responses if response.startswith(f"{self.name()}/")]
        if answers:
            events: list[Event] = []
            for response in answers:
                events += await ActionBotResponse(response).run(output_channel, nlg, tracker, domain)
        else:
            events = await self._action.run(output_channel, nlg, tracker, domain)
        return events + self._first_task(requests, tracker, domain)

    @staticmethod
    def _first_task(requests: list[dict[str, Any]], tracker: DialogueStateTracker, domain: Domain) -> list[Event]:
        tasks = next((slot.values for slot in domain.slots if slot.name == TASK_SLOT), [])
        asked = [request["label"] for request in requests if request["label"] in tasks]
        if not asked or tracker.active_loop_name:
            return []
        return [SlotSet(TASK_SLOT, asked[0]), FollowupAction(TASK_FORM)]

    def event_for_successful_execution(self, prediction: PolicyPrediction) -> ActionExecuted:
        return self._action.event_for_successful_execution(prediction)


class ActionAttempt(Action):
    """Remembers why an action failed. Rasa logs the error and carries on as if the action had said nothing."""

    def __init__(self, action: Action) -> None:
        self._action = action
        self.error: Exception | None = None

    def name(self) -> str:
        return self._action.name()

    async def run(
        self,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        tracker: DialogueStateTracker,
        domain: Domain,
    ) -> list[Event]:
        try:
            return await self._action.run(output_channel, nlg, tracker, domain)
        except ActionExecutionRejection:
            raise  # a form that leaves this turn to another policy has not failed
        except Exception as error:
            self.error = error
            raise

    def event_for_successful_execution(self, prediction: PolicyPrediction) -> ActionExecuted:
        return self._action.event_for_successful_execution(prediction)


def turn_processor(agent: Agent) -> TurnProcessor:
    """The agent's processor, adopted on first use (and again should Rasa swap in another model)."""
    if not isinstance(agent.processor, TurnProcessor):
        agent.processor = TurnProcessor.adopting(agent.processor)
        agent.tracker_store = agent.processor.tracker_store
        agent.action_endpoint = agent.processor.action_endpoint
    return agent.processor


def _strict(store: Any) -> StrictTrackerStore:
    # Rasa wraps every store in one that swallows errors.
    primary = store._tracker_store if isinstance(store, FailSafeTrackerStore) else store  # noqa: SLF001
    if not isinstance(primary, StrictTrackerStore):
        raise WrongTrackerStore(
            "endpoints.yml must set tracker_store: {type: bot.tracker_store.StrictTrackerStore}, "
            f"not {type(primary).__name__}"
        )
    return primary


def _give_up(*_: Any) -> NoReturn:
    raise TurnFailed("the bot kept choosing actions without coming to an end")
