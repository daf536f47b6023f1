"""Joins several checkpoints to one ensemble, which is used like any other checkpoint.

``infer.py``, ``live.py`` and the teacher of a distillation accept several checkpoints, or a folder of runs, and join
them in memory; ``isl-ensemble members=[a.ckpt,b.ckpt] output=ensemble.ckpt`` writes the joined one to a file.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import Any

from isl.errors import InputError
from isl.recognition.checkpoint import Checkpoint, load_checkpoint
from isl.recognition.locate import CheckpointPaths, checkpoint_paths
from isl.version import __version__


def load_ensemble(chosen: CheckpointPaths | None, trusted: Sequence[str] = ()) -> Checkpoint:
    """Returns the checkpoint of ``ckpt_path=``; several are joined to one.

    Args:
        chosen: see ``isl.recognition.locate.checkpoint_paths``.
        trusted: packages, besides isl's own, whose classes they may name.

    Raises:
        InputError: a checkpoint cannot be read, or they cannot be joined: their words or features differ.
    """
    paths = checkpoint_paths(chosen)
    members = [load_checkpoint(path, trusted) for path in paths]
    return members[0] if len(members) == 1 else join_members(members, [str(path) for path in paths])


def join_members(members: Sequence[Checkpoint], names: Sequence[str]) -> Checkpoint:
    """Returns one checkpoint that averages the answers of ``members``; ``names`` are for messages and the record.

    Raises:
        InputError: a member has other words, another background or other features than the first.
    """
    first = members[0]
    state = {key: value for key, value in first.state.items() if key.startswith("features.")}
    for i, (member, name) in enumerate(zip(members, names, strict=True)):
        if member.words != first.words:
            other = sorted(set(member.words) ^ set(first.words)) or ["their order"]
            raise InputError(
                f"{name}: other words than {names[0]} ({', '.join(other[:6])}); an ensemble has one vocabulary"
            )
        if member.signs != first.signs:
            raise InputError(f"{name}: another background than {names[0]}; an ensemble's members were trained with one")
        if member.features != first.features:
            raise InputError(f"{name}: other features than {names[0]}; the members of an ensemble see the same")
        own = {key.removeprefix("model."): value for key, value in member.state.items() if key.startswith("model.")}
        state |= {f"model.members.{i}.{key}": value for key, value in own.items()}
    model = {
        "_target_": "isl.models.members.MemberAverage",
        "members": [member.model for member in members],
        "temperatures": [float(member.about.get("temperature", 1.0)) for member in members],
    }
    about = _about([member.about for member in members], names)
    return Checkpoint(first.words, first.features, model, state, about, first.signs)


def _about(facts: list[dict[str, Any]], names: Sequence[str]) -> dict[str, Any]:
    """Returns the facts of an ensemble, without scores: it has not been tested yet."""
    same = {key: value for key, value in facts[0].items() if all(other.get(key) == value for other in facts)}
    about = {key: value for key, value in same.items() if key not in ("scores", "temperature", "branch_weights")}
    for key in ("seconds", "aspect", "reject"):
        if facts_of_others := [other[key] for other in facts if key in other]:
            about[key] = statistics.median(facts_of_others)
    if all(other.get("slope") for other in facts):  # logits are divided by temperatures, see isl.models.members
        about["softness"] = statistics.median(other["softness"] / other.get("temperature", 1.0) for other in facts)
        about |= {key: statistics.median(other[key] for other in facts) for key in ("slope", "middle")}
        shares = set.intersection(*(set(other.get("thresholds", {})) for other in facts))
        about["thresholds"] = {
            share: statistics.median(other["thresholds"][share] for other in facts) for share in sorted(shares)
        }
        offsets = [other.get("offsets", {}) for other in facts]
        about["offsets"] = {word: statistics.median(own.get(word, 0.0) for own in offsets) for word in offsets[0]}
    else:
        fitted = ("softness", "slope", "middle", "thresholds", "offsets")
        about = {key: value for key, value in about.items() if key not in fitted}
    protocols = sorted({str(other.get("protocol", "unknown")) for other in facts})
    about["protocol"] = protocols[0] if len(protocols) == 1 else f"several: {'; '.join(protocols)}"
    about["members"] = [
        {"checkpoint": name, "seed": other.get("seed")} for name, other in zip(names, facts, strict=True)
    ]
    return about | {"isl": __version__}
