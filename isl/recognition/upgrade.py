"""Replaces the names in checkpoints of earlier versions by present ones, when they are read."""

from __future__ import annotations

import re
from typing import Any

TARGETS = {
    "isl.models.multi_stream.MultiStream": "isl.models.multi_branch.MultiBranch",
    "isl.models.ensemble.Ensemble": "isl.models.members.MemberAverage",
}
MODULES = {"isl.schedule": "isl.training.schedule"}
ARGUMENTS = {"isl.features.BodyHands": {"gap": "gap_filling", "left_out": "view_dropout"}}
DROPPED = {"isl.features.BodyHands": {"depth": False}}  # removed options, with the value that they always had
ABOUT = {"stream_weights": "branch_weights"}


def upgrade(content: dict[str, Any]) -> dict[str, Any]:
    """Returns the content of a checkpoint file with present names for classes, arguments, weights and facts.

    Until 0.1.0 a branch of a network was called a stream; its weights were named ``streams.*``.
    """
    content = dict(content)
    described = content.get("hyper_parameters")
    if isinstance(described, dict):
        content["hyper_parameters"] = {
            key: _about(value) if key == "about" else _config(value) for key, value in described.items()
        }
    if "about" in content:
        content["about"] = _about(content["about"])
    for key in ("state_dict", "current_model_state"):
        if isinstance(content.get(key), dict):
            content[key] = {_weight(name): tensor for name, tensor in content[key].items()}
    return content


def _config(value: Any) -> Any:
    if isinstance(value, list):
        return [_config(entry) for entry in value]
    if not isinstance(value, dict):
        return value
    target = value.get("_target_")
    renamed = ARGUMENTS.get(target, {}) if isinstance(target, str) else {}
    config = {renamed.get(key, key): _config(entry) for key, entry in value.items()}
    if isinstance(target, str):
        for key, value in DROPPED.get(target, {}).items():
            if config.get(key) == value:
                del config[key]
        module, _, name = target.rpartition(".")
        config["_target_"] = TARGETS.get(target, f"{MODULES.get(module, module)}.{name}")
    return config


def _about(value: Any) -> Any:
    return {ABOUT.get(key, key): entry for key, entry in value.items()} if isinstance(value, dict) else value


def _weight(name: Any) -> Any:
    return re.sub(r"^(model\.(?:members\.\d+\.)?)streams\.", r"\1branches.", name) if isinstance(name, str) else name
