"""Computes the probability of each word from landmarks, with a checkpoint. Used by training, infer.py and live.py."""

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
from isl.recognition.decision import Decision, align_offsets
from isl.recognition.ensembles import load_ensemble
from isl.recognition.locate import CheckpointPaths

KEEP = 0.75  # default share of right answers to keep


class Recognizer:
    """A trained network that recognises clips.

    Attributes:
        words: the vocabulary, in the order of the probabilities.
        seconds: length of a sign, the median of the training clips; also the length of a live window.
        aspect: width over height of the training pictures, assumed where that of a clip is unknown.
        temperature: divisor of the logits that calibrates the probabilities.
        reject: the confidence below which a sign counts as none of the words; see ``is_known``.
        about: further facts in the checkpoint (protocol, scores, versions).

    Args:
        trained: the checkpoint.
        shifts: numbers of frames, of 60, by which the clip is moved: later, or earlier if negative. The answer is the
            mean over these views; each view takes as long as the clip itself.
    """

    def __init__(self, trained: Checkpoint, shifts: Sequence[int] = (0,)) -> None:
        self.words = trained.words
        self.description = trained.describe()
        self.about = trained.about
        self.shifts = _checked(shifts)
        self.seconds = float(trained.about.get("seconds", 2.0))
        self.aspect = float(trained.about.get("aspect", 1.0))
        self.decision = _decision(self.words, trained.about)
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
        """Builds the recogniser of a checkpoint of ``train.py``, or of Insignia's ``{"state_dict", "classes"}`` file.

        A list of checkpoints, or a folder of runs, is joined to an ensemble; for ``shifts`` see the class. ``trusted``
        are packages, besides isl's own, whose networks, features and augmentations a checkpoint may name.

        Raises:
            InputError: the file is absent, damaged or of another kind, or has content that is not allowed.
        """
        return cls(load_ensemble(path, trusted), shifts)

    def __call__(self, landmarks: Floats, aspect: float | None = None) -> npt.NDArray[np.float32]:
        """Returns the probability of each word; 1 minus their sum is the probability that the sign is none of them.

        Args:
            landmarks: one clip ``(T, 1662)`` of any length, or a batch of clips of one length ``(B, T, 1662)``.
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
        """Moves the network to ``device``, for ``logits``; returns the recogniser itself."""
        self.features.to(device)
        self.model.to(device)
        return self

    def logits(self, clips: Tensor, aspects: Tensor) -> Tensor:
        """Returns logits ``(B, words + signs)`` of raw landmarks ``(B, 60, 1662)`` and aspects ``(B,)``.

        They are the mean over ``shifts``; the signs are those of the background, see ``isl.recognition.decision``.
        """
        return self._mean(clips, lambda view: self.model(self.features(view, aspects)))

    def prepare(self, frames: Floats) -> Floats:
        """Computes the part of the network that depends on one frame alone: ``(N, 1662)`` to ``(N, P)``.

        A stream keeps these rows and passes them to ``judge``, window by window. If the features treat each frame alone
        and the network begins with a linear layer (``project``), the rows are the output of that layer; otherwise they
        are the landmarks themselves.
        """
        if not self._reuses:
            return frames
        with torch.inference_mode():
            clip = torch.from_numpy(frames)[None]
            rows: Floats = self.model.project(self.features(clip, self._aspects(clip, None)))[0].numpy()
        return rows

    def judge(self, prepared: Floats, aspect: float | None = None) -> npt.NDArray[np.float32]:
        """Returns the probability of each word from clips of prepared frames: ``(B, 60, P)`` to ``(B, words)``."""
        clips = torch.from_numpy(prepared)
        with torch.inference_mode():
            if self._reuses:
                logits = self._mean(clips, self.model.forward_projected)
            else:
                logits = self.logits(clips, self._aspects(clips, aspect))
            return self._probabilities(logits)

    def threshold(self, keep: float | None = None) -> float:
        """Returns the confidence that a share ``keep`` of right validation answers reached; 0 if it was not measured.

        None means ``KEEP`` for a network that was trained with a background; for any other the result is 0.
        """
        if keep is None and self.decision.slope == 0:
            return 0.0
        return self.decision.threshold(KEEP if keep is None else keep)

    def keep(self, share: float | None) -> None:
        """Sets the share of right answers to keep, if the checkpoint has thresholds; None: the default."""
        self.reject = self.threshold(share) or self.reject

    def is_known(self, probabilities: npt.NDArray[np.float32]) -> npt.NDArray[np.bool_]:
        """Returns True where probabilities ``(..., words)`` reach ``reject``, the sign is a word: ``(...)``.

        The threshold keeps 75 % of the right answers to distorted validation clips (95 % for a checkpoint trained
        without a background), or the share given to ``keep``. With a checkpoint that was never calibrated, such as
        Insignia's, every sign is known.
        """
        return np.asarray(probabilities.max(-1) >= self.reject)

    def _try(self) -> None:
        """Runs the network on an empty clip: options that are valid one by one can still give a network that fails."""
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
        """Returns the mean of ``logits`` over the shifted views of the clips."""
        views = [logits(_shift(clips, frames)) for frames in self.shifts]
        if len(views) == 1:
            return views[0]
        return torch.stack(views).log_softmax(-1).logsumexp(0)  # logits of the mean probabilities, up to a constant


def _decision(words: list[str], about: dict[str, Any]) -> Decision:
    numbers = {name: float(about[name]) for name in ("temperature", "softness", "slope", "middle") if name in about}
    thresholds = {str(share): float(value) for share, value in about.get("thresholds", {}).items()}
    return Decision(
        len(words), **numbers, thresholds=thresholds, offsets=align_offsets(about.get("offsets", {}), words)
    )


def _shift(clips: Tensor, frames: int) -> Tensor:
    """Returns clips ``(B, T, ...)`` moved by ``frames``; missing frames repeat the first or the last one."""
    when = torch.arange(clips.shape[1], device=clips.device) - frames
    return clips[:, when.clamp(0, clips.shape[1] - 1)]


def _checked(shifts: Any) -> list[int]:
    listed = isinstance(shifts, Sequence) and not isinstance(shifts, str)
    whole = listed and all(isinstance(frames, int) and not isinstance(frames, bool) for frames in shifts)
    if not shifts or not whole or max(map(abs, shifts)) >= CLIP_FRAMES:
        raise InputError(
            f"shifts={shifts}: give a list of whole numbers of frames, such as [-3,0,3]; [0] leaves the clip as it is"
        )
    return list(shifts)
