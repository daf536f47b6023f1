"""Facts about a training run that are stored in its checkpoint."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from isl.config.build import ANY, class_of
from isl.data.module import SignData
from isl.recognition.schema import ASPECTS, SECONDS
from isl.version import __version__


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


def _describe(data: Mapping[str, Any], clips: int, words: int) -> str:
    name = data["_target_"].rsplit(".", 1)[-1]
    root = f" {Path(data['root']).name}" if data.get("root") else ""
    return f"{name}{root}: {clips} clips of {words} words"
