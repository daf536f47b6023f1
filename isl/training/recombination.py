"""Training on recombined clips: each branch learns what it sees of them, and who sees all learns that it is no sign.

A clip with the hands of one sign and the arms of another (``isl.augment.recombined``) shows a branch that sees hand
shapes alone the first sign, one that sees the arms alone the second, and a network or branch that sees both a sign
that nobody made. Their product then is low for every word. Hands with fingers of another sign are no sign for a branch
that sees hand shapes either.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from isl.augment.recombined import change_fingers, recombine
from isl.data.clips import Batch
from isl.models.multi_branch import MultiBranch
from isl.models.network import Network

RECOMBINED = "(hands of another sign)"  # the name of the class among the background's signs, the last of them
OF_HANDS, OF_BOTH = {"shape", "spans"}, {"hands"}  # views of isl.features.body_hands; the others are of the arms


def background_recipe(background: Mapping[str, Any], signs: Sequence[str]) -> dict[str, Any]:
    """Returns the arguments of ``SignRecognition`` that come from the config group ``background`` and its signs."""
    share = background.get("recombined", 0.0)
    return {
        "signs": [*signs, RECOMBINED] if share else [*signs],
        "background_weight": background.get("weight", 0.5),
        "recombined": share,
    }


@dataclass(frozen=True)
class Recombination:
    """Recombined clips for a network with ``outputs`` outputs, of which the last one means "no sign".

    Attributes:
        share: pairs that are drawn for a batch, as part of its clips of words.
        parts: of each branch the part of the clip that it sees: "hands", "arms" or "both".
    """

    share: float
    parts: tuple[str, ...]
    outputs: int

    @classmethod
    def of(cls, model: Network, share: float, outputs: int) -> Recombination:
        """Finds out what each branch of the network sees; a network without branches sees both parts."""
        sees = [set(views) for views in model.sees.values()] if isinstance(model, MultiBranch) else [set()]
        return cls(share, tuple(map(_part, sees)), outputs)

    def make(self, batch: Batch, words: int) -> tuple[Batch, Tensor]:
        """Returns recombined clips of a batch with ``words`` clips of words, and their targets.

        Targets are ``(N, branches, outputs)``.
        """
        count, none = round(self.share * words / 2), self.outputs - 1
        recombined, hands = recombine(batch, count)
        changed = change_fingers(batch, count)
        clips = Batch(*(torch.cat(pair) for pair in zip(recombined, changed, strict=True)))
        hands = torch.cat([hands, torch.full_like(changed.label, none)])
        label = {"hands": hands, "arms": clips.label, "both": torch.full_like(hands, none)}
        targets = torch.stack([F.one_hot(label[part], self.outputs) for part in self.parts], 1)
        return clips, targets.to(clips.landmarks.dtype)


def _part(views: set[str]) -> str:
    if not views or views & OF_BOTH or (views & OF_HANDS and views - OF_HANDS):
        return "both"
    return "hands" if views <= OF_HANDS else "arms"
