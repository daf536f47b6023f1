"""The group ``without``: experiment=best with one of its ingredients left out.

Each row has a name, a description of the result, and the options that leave the ingredient out. Importing the module
adds the rows to Hydra as choices. A list of names leaves out several ingredients: ``without=[mixup,trim]``.
"""

from __future__ import annotations

from typing import Any

from hydra.core.config_store import ConfigStore
from omegaconf import OmegaConf

STEPS = "mirror tempo other_body hand_turn approach affine jitter missing frame_mask mixup".split()

WITHOUT: dict[str, tuple[str, dict[str, Any]]] = {
    "nothing": ("experiment=best as it is, to compare with", {}),
    # features
    "body_frame": ("positions in the picture, not in the signer's own measure", {"features.body_frame": False}),
    "dominant": ("left-handed clips as they are, not mirrored", {"features.dominant": False}),
    "trim": ("clips with what comes before and after the sign", {"features.trim": False}),
    "gap_filling": ("a lost hand is 0 as long as it is lost", {"features.gap_filling": None}),
    "presence": ("no numbers that say if a hand was found", {"features.presence": False}),
    "shape": ("no hand in its own frame", {"features.shape": False}),
    "spans": ("no distances and areas inside a hand", {"features.spans": False}),
    "contact": ("no nearness of hands to the face and each other", {"features.contact": False}),
    "motion": ("no movement but what the network computes itself", {"features.motion": False}),
    "trajectory": ("movement in the body's measure alone, not in its own", {"features.trajectory": False}),
    "branches": (
        "one network that sees all of the sign, none for handshape, location or movement alone",
        {"model.sees": {"handshape": [], "location": [], "movement": []}},
    ),
    "view_dropout": ("all views of a clip, always", {"features.view_dropout": 0.0}),
    # augmentation
    "augmentation": ("no augmentation at all", {f"augment.steps.{step}": None for step in STEPS}),
    "mirror": ("no mirrored clips", {"augment.steps.mirror": None}),
    "tempo": ("every clip at its own speed", {"augment.steps.tempo": None}),
    "other_body": ("every clip with its own signer's body", {"augment.steps.other_body": None}),
    "hand_turn": ("hands as they were held", {"augment.steps.hand_turn": None}),
    "approach": ("every clip cut as it was recorded", {"augment.steps.approach": None}),
    "affine": ("every clip from its own camera", {"augment.steps.affine": None}),
    "jitter": ("landmarks as MediaPipe placed them", {"augment.steps.jitter": None}),
    "missing": ("no more hands lost than MediaPipe lost", {"augment.steps.missing": None}),
    "frame_mask": ("no blank frames", {"augment.steps.frame_mask": None}),
    "mixup": ("no blended clips", {"augment.steps.mixup": None}),
    # training
    "label_smoothing": ("targets of 0 and 1", {"label_smoothing": 0.0}),
    "average": ("the last step's weights, not a moving average", {"callbacks.average": None}),
    "weight_decay": ("no weight decay", {"optimizer.weight_decay": 0.0}),
    "drop_path": ("no block is skipped in training", {"model.network.drop_path": 0.0}),
    "late_dropout": ("no dropout before the last layer of a branch", {"model.network.late_dropout": 0.0}),
    "warmup": ("the full rate from the first epoch", {"scheduler.warmup_epochs": 0}),
}

for _name, (_, _options) in WITHOUT.items():
    _node = OmegaConf.create({})
    for _option, _value in _options.items():
        OmegaConf.update(_node, _option, _value, force_add=True)
    ConfigStore.instance().store(group="without", name=_name, package="_global_", node=_node, provider="isl")
