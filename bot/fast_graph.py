"""Runs a model's graph node after node, in an order worked out once. Rasa has dask plan and check it anew each time."""

from collections.abc import Iterable
from typing import Any

from rasa.core.policies.memoization import MemoizationPolicy
from rasa.core.policies.policy import PolicyPrediction
from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import GraphNode, GraphSchema
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.events import ActionExecuted, ActionExecutionRejected
from rasa.shared.core.trackers import DialogueStateTracker

Step = tuple[str, GraphNode, list[str]]


def apply() -> None:
    """Patches Rasa's runner in this process; again is harmless."""
    if not hasattr(DaskGraphRunner.run, "__wrapped__"):
        run.__wrapped__ = DaskGraphRunner.run  # type: ignore[attr-defined]
        DaskGraphRunner.run = run


def run(self: Any, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
    """As DaskGraphRunner.run: the outputs of `targets`, by the names of their nodes."""
    wanted = targets or self._graph_schema.target_names
    outputs: dict[str, Any] = {name: (name, value) for name, value in (inputs or {}).items()}
    try:
        for name, node, needs in _steps(self, tuple(wanted)):
            if name in outputs:
                continue
            # A name that nobody provides is handed on, as dask does: the node says what it lacks.
            prediction = _outvoted(node, outputs)
            outputs[name] = (name, prediction) if prediction else node(*(outputs.get(need, need) for need in needs))
    except RuntimeError as error:
        raise GraphRunError("Error running runner.") from error
    return dict(outputs[name] for name in wanted)


def _steps(runner: Any, targets: tuple[str, ...]) -> list[Step]:
    plans: dict[tuple[str, ...], list[Step]] = vars(runner).setdefault("_plans", {})
    if targets not in plans:
        schema = runner._graph_schema.minimal_graph_schema(list(targets))  # noqa: SLF001 (a patch)
        nodes = runner._instantiated_nodes  # noqa: SLF001
        plans[targets] = [
            (name, nodes[name], list(schema.nodes[name].needs.values()))
            for name in _in_order(schema, lambda name: _is_modest(nodes[name]))
        ]
    return plans[targets]


def _in_order(schema: GraphSchema, late: Any) -> Iterable[str]:
    """Each node after those it needs; of several that could be next, the `late` ones last."""
    waiting = {name: set(node.needs.values()) & schema.nodes.keys() for name, node in schema.nodes.items()}
    while waiting:
        ready = [name for name, needs in waiting.items() if not needs & waiting.keys()]
        name = min(ready, key=late)
        del waiting[name]
        yield name


def _is_modest(node: GraphNode) -> bool:
    """A policy whose prediction is a confidence of at most 1, with no say beyond its priority where ours is certain.

    RulePolicy is one as well: an open form's say is without the user, and so is SafeguardPolicy's.
    """
    return isinstance(node._component, MemoizationPolicy)  # noqa: SLF001


def _outvoted(node: GraphNode, outputs: dict[str, Any]) -> PolicyPrediction | None:
    """What stands for a modest policy when another with a higher priority is certain: Rasa's ensemble takes that one.

    None when the policy must be asked: nobody is certain, or the action they are certain of was just rejected.
    """
    if not _is_modest(node):
        return None
    policy = node._component  # noqa: SLF001
    certain = (
        output
        for _, output in outputs.values()
        if isinstance(output, PolicyPrediction)
        and output.max_confidence >= 1
        and output.policy_priority > policy.priority
    )
    surest = next(certain, None)
    if surest is None or _was_rejected(outputs):
        return None
    return PolicyPrediction([0.0] * len(surest.probabilities), type(policy).__name__, policy.priority)


def _was_rejected(outputs: dict[str, Any]) -> bool:
    tracker = next(output for _, output in outputs.values() if isinstance(output, DialogueStateTracker))
    last = next(
        (event for event in reversed(tracker.events) if isinstance(event, (ActionExecuted, ActionExecutionRejected))),
        None,
    )
    return isinstance(last, ActionExecutionRejected)
