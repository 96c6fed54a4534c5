"""Keeps TensorFlow out of a process that only answers.

Rasa's policies import its neural training helpers whether or not a model uses them: ten seconds and 300 MB. Here that
module stands aside until somebody really reads something from it; a model with DIET or TEDPolicy still works, it just
pays for what it uses.
"""

import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

from ruamel.yaml import YAML, YAMLError

# Named by every model, used only to check a configuration before training; imports all neural components.
TRAINING_CHECKS = "rasa.graph_components.validators.default_recipe_validator"
# Imported as a whole by everything in Rasa that finds entities or predicts actions; read by neural components only.
DEFERRED = "rasa.utils.train_utils"
# Rasa imports all components it knows to read the names in a configuration. These bring TensorFlow with them.
NEURAL = {
    "rasa.core.policies.ted_policy": "TEDPolicy",
    "rasa.core.policies.unexpected_intent_policy": "UnexpecTEDIntentPolicy",
    "rasa.nlu.classifiers.diet_classifier": "DIETClassifier",
    "rasa.nlu.featurizers.dense_featurizer.convert_featurizer": "ConveRTFeaturizer",
    "rasa.nlu.featurizers.dense_featurizer.lm_featurizer": "LanguageModelFeaturizer",
    "rasa.nlu.selectors.response_selector": "ResponseSelector",
}


def defer(name: str = DEFERRED) -> None:
    """Puts a stand-in for a module that is not loaded yet; its first attribute read loads the module."""
    if name not in sys.modules:
        package, _, child = name.rpartition(".")
        stand_in = StandIn(name)
        sys.modules[name] = stand_in
        setattr(import_module(package), child, stand_in)


def leave_out_training_checks() -> None:
    """For a process that never trains: loading a model asks for this class, and then does nothing with it."""
    _leave_out(TRAINING_CHECKS, "DefaultV1RecipeValidator")


def leave_out_neural_components(configurations: Sequence[Path]) -> None:
    """For a process that trains by these configurations: when it is sure that no neural component is used, none is loaded."""
    if all(_does_without_neural_components(file) for file in configurations):
        for module, name in NEURAL.items():
            _leave_out(module, name)


def _does_without_neural_components(configuration: Path) -> bool:
    """Whether all it names is Rasa's own and known, or ours. What it leaves open, Rasa fills with neural components; what is
    somebody else's may be built on one. Rasa itself complains about a file that can't be read.
    """
    try:
        content = YAML(typ="safe", pure=True).load(configuration.read_text(encoding="utf-8"))
        named = [[str(component["name"]) for component in content[part]] for part in ("pipeline", "policies")]
    except (OSError, UnicodeDecodeError, YAMLError, TypeError, KeyError):
        return False
    return all(names and all(map(_is_known, names)) for names in named)


def _is_known(name: str) -> bool:
    return name.startswith("bot.") or ("." not in name and name not in NEURAL.values())


def _leave_out(module: str, class_name: str) -> None:
    """An empty class in place of the one that Rasa imports and has no use for."""
    if module not in sys.modules:
        sys.modules[module] = ModuleType(module, "Left out: see bot/lean_imports.py.")
        setattr(sys.modules[module], class_name, type(class_name, (), {"__module__": module}))


class StandIn(ModuleType):
    """A module that becomes itself when it is needed."""

    def __init__(self, name: str) -> None:
        super().__init__(name, "Not loaded yet: see bot/lean_imports.py.")
        # `import x` looks at the spec; that alone must not load anything.
        self.__spec__ = ModuleSpec(name, None)

    def __getattr__(self, attribute: str) -> Any:
        if attribute.startswith("__"):
            raise AttributeError(attribute)
        name = self.__name__
        if sys.modules.get(name) is self:
            del sys.modules[name]
        module = import_module(name)
        self.__dict__.update(vars(module))
        return getattr(module, attribute)
