"""Keeps TensorFlow out of a process that only answers.

Rasa's policies import its neural training helpers whether or not a model uses them: ten seconds and 300 MB. Here that
module stands aside until somebody really reads something from it; a model with DIET or TEDPolicy still works, it just
pays for what it uses.
"""

import sys
from importlib import import_module
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

# Named by every model, used only to check a configuration before training; imports all neural components.
TRAINING_CHECKS = "rasa.graph_components.validators.default_recipe_validator"
# Imported as a whole by everything in Rasa that finds entities or predicts actions; read by neural components only.
DEFERRED = "rasa.utils.train_utils"


def defer(name: str = DEFERRED) -> None:
    """Puts a stand-in for a module that is not loaded yet; its first attribute read loads the module."""
    if name not in sys.modules:
        package, _, child = name.rpartition(".")
        stand_in = StandIn(name)
        sys.modules[name] = stand_in
        setattr(import_module(package), child, stand_in)


def leave_out_training_checks() -> None:
    """For a process that never trains: loading a model asks for this class, and then does nothing with it."""
    if TRAINING_CHECKS not in sys.modules:
        checks = ModuleType(TRAINING_CHECKS, "Left out: this process does not train. See bot/lean_imports.py.")
        checks.DefaultV1RecipeValidator = type(  # type: ignore[attr-defined]
            "DefaultV1RecipeValidator", (), {"__module__": TRAINING_CHECKS}
        )
        sys.modules[TRAINING_CHECKS] = checks


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
