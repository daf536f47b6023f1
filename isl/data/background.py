"""Background: clips of signs outside the vocabulary, read from sources, divided into sides, added to each batch.

A network that is trained on its words alone classifies every sign as one of them. Clips of other signs, by any people,
show it what is not a word. Their signs are never predicted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from isl import console
from isl.config.build import build
from isl.config.options import names, number, whole
from isl.data.clips import Clips, any_changed, check_folders, join, only
from isl.data.splits.groups import Indices
from isl.data.vocabulary import spelling
from isl.errors import InputError, renaming


@dataclass(frozen=True)
class Sides:
    """Indices of background clips. ``train``, ``val`` and ``test`` have no person and no sign in common."""

    train: Indices
    val: Indices
    test: Indices


class Background:
    """Background clips, their division and their weight in training.

    Args:
        sources: the sources by name, each a ``_target_`` with its arguments; None switches a source off.
        share: part of a batch that is background, beside ``batch_size`` clips of words.
        weight: weight of a background clip in the loss; a clip of a word has weight 1.
        held_out: share of the people, roughly, whose clips validate; the clips of as many people test. Of the signs
            that these people and others made, a part is kept for these people alone: validation and test then have
            new signs as well as new people.
        without: further signs to leave out: those that are nearly a word, or a word under another name. Signs with the
            name of a word are always left out.
        recombined: further clips, as part of a batch's clips of words, that are put together from two: hands, or some
            fingers, of one sign on the arms of another. Nobody made such signs. See ``isl.training.recombination``.
        seed: seed of the division.

    Raises:
        InputError: an option is out of range, or nothing is left.
    """

    def __init__(
        self,
        sources: dict[str, dict[str, Any] | None],
        share: float = 0.5,
        weight: float = 0.5,
        held_out: float = 0.15,
        without: Sequence[str] | None = None,
        recombined: float = 0.0,
        seed: int = 0,
        root: str | None = None,  # folder of the sources; their configs refer to it
    ) -> None:
        self.sources = {name: build(source) for name, source in (sources or {}).items() if source}
        if not self.sources:
            raise InputError("background.sources: all are null; choose background=folder, rooms or synthetic, or none")
        self.share = number(share, "background.share", most=0.9)
        self.weight = number(weight, "background.weight")
        self.held_out = number(held_out, "background.held_out", most=0.4)
        self.recombined = number(recombined, "background.recombined", most=2)
        self.without = names(list(without or []), "background.without")
        self.seed = whole(seed, "background.seed")

    def check(self) -> None:
        """Raises ``InputError`` if a folder is missing."""
        with renaming("data.root", "background.root"):
            check_folders(*self.sources.values())

    def load(self, words: Sequence[str]) -> Clips:
        """Returns the clips of all sources without those of ``words``."""
        excluded = {spelling(word) for word in (*words, *self.without)}
        parts = []
        for source in self.sources.values():
            with renaming("data.root", "background.root"):
                clips = source.load()
            other = np.array([spelling(word) not in excluded for word in clips.words], bool)[clips.label]
            if other.any():
                parts.append(only(clips, other))
        if not parts:
            raise InputError("background: every clip is of a word that is to be recognised; give clips of other signs")
        clips = join(parts[0], *parts[1:])
        console.err.print(
            f"background: {len(clips)} clips of {len(clips.words)} signs, {len(set(groups_of(clips)))} people",
            soft_wrap=True,
        )
        return clips

    def changed(self) -> bool:
        """Returns True if a file of one of the sources was changed, added or removed since ``load``."""
        return any_changed(self.sources.values())

    def extra(self, batch_size: int) -> int:
        """Returns the number of background clips beside ``batch_size`` clips of words."""
        return round(batch_size * self.share / (1 - self.share))

    def divide(self, clips: Clips) -> Sides:
        """Divides the clips into training, validation and test, by people and then by signs."""
        return divided(clips.label, groups_of(clips), self.held_out, np.random.default_rng(self.seed))


def build_background(config: Any) -> Background | None:
    """Builds the background of a training's config, or None; raises ``InputError`` for a wrong one."""
    if not config:
        return None
    if not isinstance(config, dict):
        raise InputError(f"background={config}: choose files of conf/background, background=<name>")
    background: Background = build({"_target_": f"{__name__}.Background", **config}, at="background")
    return background


def groups_of(clips: Clips) -> list[str]:
    """Returns the person of each clip, (N,): the column "group", or the clip's sign where the person is unknown."""
    groups = clips.columns.get("group", [""] * len(clips))
    return [group or f"sign {label}" for group, label in zip(groups, clips.label, strict=True)]


def divided(label: Indices, groups: Sequence[str], held_out: float, rng: np.random.Generator) -> Sides:
    """Divides background clips into three sides that have no person and no sign in common.

    People are drawn at random until they have about ``held_out`` of the clips, first for the test, then for validation.
    A sign that people on several sides made is kept on one side. That side is drawn with probabilities in proportion to
    the sign's clips on each side, doubled for training. The sign's clips by people on the other sides are not used.
    """
    people = sorted(set(groups))
    who = np.array([people.index(group) for group in groups])
    side = np.zeros(len(people), np.int64)  # 0 training, 1 validation, 2 test
    order = rng.permutation(len(people)).tolist()
    size = np.bincount(who, minlength=len(people))
    if held_out > 0 and len(people) >= 3:
        for number_of_side in (2, 1):
            taken = 0
            while order and taken < held_out * len(label) and len(order) > 1:
                chosen = order.pop()
                if taken and taken + size[chosen] > 2 * held_out * len(label):
                    continue  # this person has too many clips
                side[chosen] = number_of_side
                taken += size[chosen]
    by_sign = np.zeros((int(label.max()) + 1, 3))
    np.add.at(by_sign, (label, side[who]), 1)
    chance = by_sign * np.array([2.0, 1.0, 1.0])
    draw = rng.random((len(by_sign), 1)) * chance.sum(1, keepdims=True)
    home = (draw >= chance.cumsum(1)).sum(1).clip(max=2)  # the side of each sign
    stays = side[who] == home[label]
    train, val, test = (np.flatnonzero(stays & (side[who] == number_of_side)) for number_of_side in range(3))
    return Sides(train, val, test)
