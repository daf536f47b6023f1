"""Facts about a training run: those in its checkpoint, and those in its report."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from isl.config.build import ANY, class_of
from isl.data.elsewhere import ROOT
from isl.data.module import SignData
from isl.recognition.schema import ASPECTS, SECONDS
from isl.version import __version__

CHANGED = "files of the dataset were changed during the training; the report is of the clips as they were before"


def stored_facts(config: Mapping[str, Any], data: SignData, seed: int) -> dict[str, Any]:
    """Returns the protocol, the data, the length of a sign and the versions of features and extractor, as plain values.

    Their keys are those of ``isl.recognition.schema.About``.
    """
    clips, split = data.clips, data.split
    seconds, words = clips.seconds[split.train], len(data.words)
    stated = seconds[~np.isnan(seconds)]
    about: dict[str, Any] = {
        "isl": __version__,
        "protocol": split.protocol,
        "seed": seed,
        "data": _describe(config["data"], len(np.union1d(split.train, split.val)), words),
        "features_version": getattr(class_of(config["features"]["_target_"], ANY), "version", 1),
        "extractor": sorted(set(clips.columns.get("extractor", []))),
    }
    if len(stated):
        about["seconds"] = float(np.clip(np.median(stated), *SECONDS))
    if clips.shapeless is None or not clips.shapeless[split.train].all():
        about["aspect"] = float(np.clip(np.median(clips.aspect[split.train]), *ASPECTS))
    if clips.unstable:
        about["unstable"] = clips.unstable
    if data.unknown_words:
        about["left_out"] = data.unknown_words
    return about


def reported_facts(config: Mapping[str, Any], data: SignData, about: Mapping[str, Any]) -> dict[str, Any]:
    """Returns what the report says of the options and the data of a run, besides the facts ``about`` its checkpoint."""
    split = data.split
    return {
        **{key: value for key, value in about.items() if key != "isl"},
        "seconds": about.get("seconds", 2.0),
        "model": config["model"]["_target_"],
        "features": config["features"]["_target_"],
        "generated": config["data"]["_target_"].endswith(".SyntheticClips"),
        "words": data.words,
        "warnings": [*split.warnings, *[CHANGED] * data.changed()],
        "assumed": data.clips.assumptions(split.train),
        "fold": split.fold,
        "tested": split.tested,
        "clips": {"train": len(split.train), "val": len(split.val), "test": len(split.test)},
        **({"test_root": Path(config["data"][ROOT]).name} if config["data"].get(ROOT) else {}),
    }


def _describe(data: Mapping[str, Any], clips: int, words: int) -> str:
    name = data["_target_"].rsplit(".", 1)[-1]
    root = f" {Path(data['root']).name}" if data.get("root") else ""
    return f"{name}{root}: {clips} clips of {words} words"
