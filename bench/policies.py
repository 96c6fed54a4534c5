"""Is a learned policy ever asked, and would it choose as was played? Held-out conversations say.

    bot/.venv/bin/python -m bench.policies DATABASE [--held-out 5] [--without-rule 5] [--ted 1 50 150]

DATABASE is a bot's own SQLite file: `var/bot.db` of a running desk, or the one that `pytest tests/conversations
--basetemp=results/talks` leaves under results/talks. Every fifth conversation is held out; policies learn from the others and
predict each action of those. An action that another action had asked for is left out, for no policy is asked about it.
What was played is what the rules chose: the figure shows whether they leave anything undecided, not whether they chose well.
`--without-rule 5` takes every fifth rule away, so that something is left undecided. `--ted 1 50` trains Rasa's TED, once for each
number of epochs: minutes.

Every policy that learns is given the same moments to learn from. Rasa itself would keep two kinds from it: what a rule chose
(hidden from other policies), and a form going on (left to the rules).
"""

import argparse
import json
import logging
import resource
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import structlog
from rasa.core.featurizers.single_state_featurizer import SingleStateFeaturizer
from rasa.core.featurizers.tracker_featurizers import MaxHistoryTrackerFeaturizer, TrackerFeaturizer
from rasa.core.policies.memoization import AugmentedMemoizationPolicy
from rasa.core.policies.policy import Policy
from rasa.core.policies.rule_policy import RulePolicy
from rasa.core.policies.ted_policy import TEDPolicy
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import ActionExecuted, Event, FollowupAction, UserUttered
from rasa.shared.core.generator import TrainingDataGenerator
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.nlu.constants import TEXT
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline

FALLBACK = "action_default_fallback"
LAST_STATES = 4
MEMORY = 8

Guess = tuple[str, float]
"""The action a policy would take, and how sure it is; confidence 0 means that it has nothing to say."""
Predict = Callable[[DialogueStateTracker], Guess]


@dataclass
class Turn:
    """A conversation as it stood when a policy was asked, and the action that was played."""

    tracker: DialogueStateTracker
    action: str


@dataclass
class Score:
    right: int = 0
    undecided_right: int = 0
    milliseconds: list[float] = field(default_factory=list)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("database", type=Path)
    parser.add_argument("--held-out", type=int, default=5, help="every so manieth conversation")
    parser.add_argument("--without-rule", type=int, help="leave out every so manieth rule")
    parser.add_argument("--ted", type=int, nargs="+", default=[], metavar="EPOCHS", help="train TED so long, too")
    arguments = parser.parse_args()

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    importer = TrainingDataImporter.load_from_config("config.yml", "domain.yml", ["data"])
    domain, rules = importer.get_domain(), importer.get_stories()
    if arguments.without_rule:
        steps = rules.story_steps
        rules = StoryGraph([step for number, step in enumerate(steps) if number % arguments.without_rule])
        print(f"{len(rules.story_steps)} of {len(steps)} rules")
    talks = list(recorded(arguments.database, domain))
    known = [talk for number, talk in enumerate(talks) if number % arguments.held_out]
    held_out = [turn for talk in talks[:: arguments.held_out] for turn in turns_of(talk, domain)]
    print(f"{len(known)} conversations to learn from, {len(talks) - len(known)} held out: {len(held_out)} predictions")
    with tempfile.TemporaryDirectory() as folder:
        report(held_out, Bench(domain, rules, known, Path(folder)), arguments.ted)


def report(held_out: list[Turn], bench: "Bench", ted_epochs: list[int]) -> None:
    """One line for each set of policies that is asked in turn."""
    rule, memory = bench.rules(), bench.memory()
    undecided = [first_say([rule, memory], turn.tracker)[1] == 0.0 for turn in held_out]
    print(f"neither rule nor memory decides {sum(undecided)} of {len(held_out)}\n")
    print(f"{'policies':26}{'agrees':>9}{'where it learned':>18}{'of those undecided':>20}{'ms a prediction':>17}")
    known = [turn for talk in bench.known for turn in turns_of(talk, bench.domain)]

    def line(name: str, *asked: Predict) -> None:
        score = measure(held_out, undecided, list(asked))
        alone = f"{score.undecided_right} of {sum(undecided)}"
        middle = sorted(score.milliseconds)[len(score.milliseconds) // 2]
        learned = measure(known, [False] * len(known), list(asked)).right / len(known)
        print(f"{name:26}{score.right / len(held_out):9.1%}{learned:18.1%}{alone:>20}{middle:17.2f}", flush=True)

    def lines(name: str, learn: Callable[[], Predict]) -> None:
        started = time.perf_counter()
        learned = learn()
        seconds, peak = time.perf_counter() - started, peak_megabytes()
        line(f"rules + memory + {name}", rule, memory, learned)
        line(f"{name} alone", learned)
        print(f"    learned in {seconds:.1f} s; the process has held up to {peak:,.0f} MB so far", flush=True)

    line("rules", rule)
    line("rules + memory", rule, memory)
    line("memory alone", memory)
    lines("light", bench.light)
    for epochs in ted_epochs:
        lines(f"TED {epochs}", partial(bench.ted, epochs))


def peak_megabytes() -> float:
    """The most memory that this process has held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(held_out: list[Turn], undecided: list[bool], asked: list[Predict]) -> Score:
    """`undecided`: whether neither rule nor memory had anything to say there."""
    score = Score()
    for turn, is_undecided in zip(held_out, undecided, strict=True):
        started = time.perf_counter()
        action, _ = first_say(asked, turn.tracker)
        score.milliseconds.append((time.perf_counter() - started) * 1000)
        score.right += action == turn.action
        score.undecided_right += is_undecided and action == turn.action
    return score


def first_say(asked: list[Predict], tracker: DialogueStateTracker) -> Guess:
    said = (predict(tracker) for predict in asked)
    return next((guess for guess in said if guess[1] > 0.0), ("", 0.0))


def recorded(database: Path, domain: Domain) -> Iterator[DialogueStateTracker]:
    """The conversations in a bot's database, in the order in which they began; no turn is hidden as a rule's."""
    events: dict[str, list[Event]] = {}
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        for sender_id, data in connection.execute("SELECT sender_id, data FROM bot_events ORDER BY id"):
            event = Event.from_parameters(json.loads(data))
            if isinstance(event, ActionExecuted):
                event.hide_rule_turn = False
            if event is not None:
                events.setdefault(sender_id, []).append(event)
    for sender_id, said in events.items():
        # Not as Rasa's training keeps stories: its cached states reach back before the session's start and count each round of
        # a form, the actions beside them don't, and so states and actions of different turns would be paired.
        yield DialogueStateTracker.from_events(sender_id, said, domain.slots, domain=domain)


def turns_of(talk: DialogueStateTracker, domain: Domain) -> Iterator[Turn]:
    """Each action that a policy chose, with the conversation before it."""
    before: list[Event] = []
    begun = False
    for event in talk.events:
        if begun and isinstance(event, ActionExecuted) and not isinstance(before[-1], FollowupAction):
            tracker = DialogueStateTracker.from_events(talk.sender_id, before, domain.slots, domain=domain)
            yield Turn(tracker, str(event.action_name))
        begun = begun or isinstance(event, UserUttered)
        before.append(event)


class EachTurn(MaxHistoryTrackerFeaturizer):
    """The turns that a policy chose, a form's further rounds too, which Rasa's own featurizer leaves to the rules."""

    def _extract_examples(
        self, tracker: DialogueStateTracker, domain: Domain, **options: bool
    ) -> Iterator[tuple[list[State], list[str], list[dict[str, Any]]]]:
        for turn in turns_of(tracker, domain):
            yield self.slice_state_history(turn.tracker.past_states(domain), self.max_history), [turn.action], [{}]


@dataclass
class Bench:
    """What policies learn from, and a folder for what they learned."""

    domain: Domain
    rules_and_stories: StoryGraph
    known: list[DialogueStateTracker]
    folder: Path

    def memory(self) -> Predict:
        """Rasa's memory of the known conversations."""
        return self._trained(AugmentedMemoizationPolicy, {"max_history": MEMORY})

    def ted(self, epochs: int) -> Predict:
        """Rasa's TED, set up as Rasa proposes for a new bot, with as many states as the light policy has."""
        config = {"epochs": epochs, "max_history": LAST_STATES, "constrain_similarities": True, "random_seed": 1}
        return self._trained(TEDPolicy, config)

    def rules(self) -> Predict:
        """The rules of data/, as shipped."""
        policy = self._made(RulePolicy, {})
        trackers = TrainingDataGenerator(self.rules_and_stories, self.domain, augmentation_factor=0).generate()
        policy.train(trackers, self.domain)
        ask = self._asking(policy)

        def predict(tracker: DialogueStateTracker) -> Guess:
            action, confidence = ask(tracker)
            return (action, 0.0) if action == FALLBACK else (action, confidence)

        return predict

    def light(self) -> Predict:
        """Logistic regression over what Rasa's policies read in the last states: all but the customer's very words."""
        turns = [turn for talk in self.known for turn in turns_of(talk, self.domain)]
        learned: Pipeline = make_pipeline(DictVectorizer(), LogisticRegression(C=10.0, max_iter=500))
        learned.fit([self._features(turn.tracker) for turn in turns], [turn.action for turn in turns])

        def predict(tracker: DialogueStateTracker) -> Guess:
            likely = learned.predict_proba([self._features(tracker)])[0]
            return str(learned.classes_[likely.argmax()]), float(likely.max())

        return predict

    def _features(self, tracker: DialogueStateTracker) -> dict[str, str]:
        """`0/user/intent: faq`, the latest state counting as 0."""
        states = list(reversed(tracker.past_states(self.domain)))[:LAST_STATES]
        return {
            f"{age}/{part}/{name}": str(value)
            for age, state in enumerate(states)
            for part, content in state.items()
            for name, value in content.items()
            if name != TEXT
        }

    def _trained(self, kind: type[Policy], config: dict[str, Any]) -> Predict:
        """A policy of Rasa's, trained on the known conversations and loaded as a bot would."""
        featurizer = EachTurn(SingleStateFeaturizer(), config["max_history"])
        policy = self._made(kind, config, featurizer)
        policy.train(self.known, self.domain)
        return self._asking(kind.load(*self._places(kind, config)))

    def _made(self, kind: type[Policy], config: dict[str, Any], featurizer: TrackerFeaturizer | None = None) -> Policy:
        return kind(*self._places(kind, config), featurizer=featurizer)

    def _places(self, kind: type[Policy], config: dict[str, Any]) -> tuple[Any, ...]:
        context = ExecutionContext(GraphSchema({}), "bench")
        full = {**kind.get_default_config(), **config}
        return full, LocalModelStorage(self.folder), Resource(kind.__name__), context

    def _asking(self, policy: Policy) -> Predict:
        def predict(tracker: DialogueStateTracker) -> Guess:
            asked = policy.predict_action_probabilities(tracker, self.domain)
            if asked.max_confidence == 0.0:
                return "", 0.0
            return str(self.domain.action_names_or_texts[asked.max_confidence_index]), float(asked.max_confidence)

        return predict


if __name__ == "__main__":
    main()
