"""A checkpoint as a function: landmarks to the probability of each word. Training, files and live all end here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from isl.config.build import ANY, build
from isl.errors import InputError
from isl.features import Features
from isl.landmarks import CLIP_FRAMES, FRAME_SIZE, Floats, resample
from isl.models.network import build_network, size_limit
from isl.recognition.checkpoint import Checkpoint
from isl.recognition.decision import Decision
from isl.recognition.ensemble import load_ensemble
from isl.recognition.locate import CheckpointPaths

KEEP = 0.75  # of right answers, where nobody asks for another share


class Recognizer:
    """What was trained, ready to be asked.

    Attributes:
        words: the vocabulary, in the order of the probabilities.
        seconds: how long a sign takes, the median of the training clips; the length of a live window.
        aspect: width over height of the training pictures, assumed where a clip's own is unknown.
        temperature: what logits are divided by, so that probabilities are about as often right as they say.
        reject: the confidence below which a sign is taken for none of the words; see ``known``.
        about: what else the checkpoint says of itself (protocol, scores, versions).

    Args:
        trained: what the checkpoint says.
        shifts: frames of 60 by which a clip is moved, later or, below 0, earlier; the answer is the mean over these
            views of it. Each costs as much as the clip itself.
    """

    def __init__(self, trained: Checkpoint, shifts: Sequence[int] = (0,)) -> None:
        self.words = trained.words
        self.description = trained.describe()
        self.about = trained.about
        self.shifts = _checked(shifts)
        self.seconds = float(trained.about.get("seconds", 2.0))
        self.aspect = float(trained.about.get("aspect", 1.0))
        self.decision = _decision(len(self.words), trained.about)
        self.temperature = self.decision.temperature
        self.reject = self.threshold() or float(trained.about.get("reject", 0.0))
        with size_limit():
            self.features: Features = build(trained.features, base=Features, trusted=ANY).eval()
        was, now = trained.about.get("features_version", 1), getattr(self.features, "version", 1)
        if was != now:
            raise InputError(
                f"the checkpoint was trained on version {was} of its features, and this is version {now}: "
                "train again, or use the isl that it was trained with"
            )
        size, skeleton, views = self.features.size, self.features.skeleton, self.features.views
        outputs = len(self.words) + len(trained.signs)
        self.model = build_network(trained.model, size, outputs, skeleton, views).eval()
        for name, module in (("features", self.features), ("model", self.model)):
            prefix = f"{name}."
            state = {key.removeprefix(prefix): v for key, v in trained.state.items() if key.startswith(prefix)}
            try:
                module.load_state_dict(state)
            except RuntimeError as error:
                reason = str(error).splitlines()[1].strip()
                raise InputError(
                    f"the checkpoint's weights do not fit its own {name} ({reason}); train again"
                ) from None
        self._reuses = self.features.framewise and self.model.framewise
        self._try()

    @classmethod
    def load(cls, path: CheckpointPaths, shifts: Sequence[int] = (0,), trusted: Sequence[str] = ()) -> Recognizer:
        """Rebuild the network of a checkpoint of ``train.py``, or of Insignia's ``{"state_dict", "classes"}`` file.

        A list of checkpoints, or a folder of runs, becomes their ensemble; for ``shifts`` see the class. ``trusted``
        are packages, besides isl's own, whose networks, features and augmentations a checkpoint may name.

        Raises:
            InputError: the file is absent, damaged or foreign, or holds what a checkpoint may not hold.
        """
        return cls(load_ensemble(path, trusted), shifts)

    def __call__(self, landmarks: Floats, aspect: float | None = None) -> npt.NDArray[np.float32]:
        """The probability of each word; what they lack to 1 is that of a sign that is none of them.

        Args:
            landmarks: one clip ``(T, 1662)`` of any length, or a batch of equally long ones ``(B, T, 1662)``.
            aspect: width over height of the picture; None where it is unknown.

        Returns:
            ``(words,)`` for one clip, ``(B, words)`` for a batch.
        """
        batch = landmarks if landmarks.ndim == 3 else landmarks[None]
        clips = torch.from_numpy(np.stack([resample(clip, CLIP_FRAMES) for clip in batch]).astype(np.float32))
        with torch.inference_mode():
            probabilities = self._probabilities(self.logits(clips, self._aspects(clips, aspect)))  # (B, words)
        return probabilities if landmarks.ndim == 3 else probabilities[0]

    def to(self, device: torch.device) -> Recognizer:
        """The same, with its network on ``device``: for ``logits``."""
        self.features.to(device)
        self.model.to(device)
        return self

    def logits(self, clips: Tensor, aspects: Tensor) -> Tensor:
        """Raw landmarks ``(B, 60, 1662)`` and aspects ``(B,)`` to logits ``(B, words + signs)``.

        It is the mean over ``shifts``; signs are the training's background, see ``isl.recognition.decision``.
        """
        return self._mean(clips, lambda view: self.model(self.features(view, aspects)))

    def prepare(self, frames: Floats) -> Floats:
        """What the network needs of each frame and no other frame changes: ``(N, 1662)`` to ``(N, P)``.

        A stream keeps it, and hands rows of it to ``judge`` for one window after another. Where the features see each
        frame alone and the network begins with a product of it (``project``), it is that product; otherwise the
        landmarks themselves.
        """
        if not self._reuses:
            return frames
        with torch.inference_mode():
            clip = torch.from_numpy(frames)[None]
            rows: Floats = self.model.project(self.features(clip, self._aspects(clip, None)))[0].numpy()
        return rows

    def judge(self, prepared: Floats, aspect: float | None = None) -> npt.NDArray[np.float32]:
        """The probability of each word, from what ``prepare`` made: clips ``(B, 60, P)`` to ``(B, words)``."""
        clips = torch.from_numpy(prepared)
        with torch.inference_mode():
            if self._reuses:
                logits = self._mean(clips, self.model.forward_projected)
            else:
                logits = self.logits(clips, self._aspects(clips, aspect))
            return self._probabilities(logits)

    def threshold(self, keep: float | None = None) -> float:
        """The confidence that a share ``keep`` of right validation answers reached; 0 where nobody measured it.

        None asks for ``KEEP`` of a network that was trained with a background, and of any other for nothing: 0.
        """
        if keep is None and self.decision.slope == 0:
            return 0.0
        return self.decision.threshold(KEEP if keep is None else keep)

    def keep(self, share: float | None) -> None:
        """Let ``known`` keep this share of right answers, where the checkpoint says how; None: the usual one."""
        self.reject = self.threshold(share) or self.reject

    def known(self, probabilities: npt.NDArray[np.float32]) -> npt.NDArray[np.bool_]:
        """Whether these probabilities ``(..., words)`` look like one of the words, (...,); or like a sign never taught.

        The threshold lets 75 % of right answers to distorted validation clips pass (95 % where it was trained without
        a background), or the share that ``keep`` was told. A checkpoint that was never calibrated, as one of
        Insignia's, takes every sign for known.
        """
        known: npt.NDArray[np.bool_] = probabilities.max(-1) >= self.reject
        return known

    def _try(self) -> None:
        """Put an empty clip to the network: options that each are right can still make one that cannot be run."""
        try:
            answer = self(np.zeros((CLIP_FRAMES, FRAME_SIZE), np.float32))
        except (RuntimeError, ValueError, TypeError, LookupError, ArithmeticError, NotImplementedError) as error:
            reason = (str(error).splitlines() or [type(error).__name__])[0]
            raise InputError(f"the checkpoint's network cannot be run ({reason[:120]}); train again") from None
        if answer.shape != (len(self.words),) or not np.isfinite(answer).all():
            raise InputError("the checkpoint's network does not give a probability for each of its words; train again")

    def _probabilities(self, logits: Tensor) -> npt.NDArray[np.float32]:
        probabilities: npt.NDArray[np.float32] = self.decision(logits).numpy()
        return probabilities

    def _aspects(self, clips: Tensor, aspect: float | None) -> Tensor:
        return torch.full((len(clips),), aspect or self.aspect)

    def _mean(self, clips: Tensor, logits: Callable[[Tensor], Tensor]) -> Tensor:
        """The mean of ``logits`` over the clips' views."""
        views = [logits(_moved(clips, frames)) for frames in self.shifts]
        if len(views) == 1:
            return views[0]
        return torch.stack(views).log_softmax(-1).logsumexp(0)  # of the views' mean probabilities, but for a constant


def _decision(words: int, about: dict[str, Any]) -> Decision:
    numbers = {name: float(about[name]) for name in ("temperature", "softness", "slope", "middle") if name in about}
    thresholds = {str(share): float(value) for share, value in about.get("thresholds", {}).items()}
    return Decision(words, **numbers, thresholds=thresholds)


def _moved(clips: Tensor, frames: int) -> Tensor:
    """Clips ``(B, T, ...)`` that begin ``frames`` later; what is not there is the first frame, or the last one."""
    when = torch.arange(clips.shape[1], device=clips.device) - frames
    return clips[:, when.clamp(0, clips.shape[1] - 1)]


def _checked(shifts: Any) -> list[int]:
    listed = isinstance(shifts, Sequence) and not isinstance(shifts, str)
    whole = listed and all(isinstance(frames, int) and not isinstance(frames, bool) for frames in shifts)
    if not shifts or not whole or max(map(abs, shifts)) >= CLIP_FRAMES:
        raise InputError(
            f"shifts={shifts}: give a list of whole numbers of frames, such as [-3,0,3]; [0] is the clip alone"
        )
    return list(shifts)
