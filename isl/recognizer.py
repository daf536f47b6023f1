"""A checkpoint as a function: landmarks to the probability of each word. Training, files and live all end here."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from isl import checkpoint
from isl.build import build
from isl.errors import InputError
from isl.landmarks import CLIP_FRAMES, Floats, resample


class Recognizer:
    """What was trained, ready to be asked.

    Attributes:
        words: the vocabulary, in the order of the probabilities.
        seconds: how long a sign takes, the median of the training clips; the length of a live window.
        aspect: width over height of the training pictures, assumed where a clip's own is unknown.
        about: what else the checkpoint says of itself (protocol, scores, versions).
    """

    def __init__(self, trained: checkpoint.Trained) -> None:
        self.words = trained.words
        self.about = trained.about
        self.seconds = float(trained.about.get("seconds", 2.0))
        self.aspect = float(trained.about.get("aspect", 1.0))
        self.features = build(trained.features).eval()
        self.model = build(trained.model, inputs=self.features.size, words=len(self.words)).eval()
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

    @classmethod
    def load(cls, path: str | Path) -> Recognizer:
        """Rebuild the network of a checkpoint of ``train.py``, or of the seed's ``{"state_dict", "classes"}`` file.

        Raises:
            InputError: the file is absent, damaged, foreign, or names a class outside ``isl.`` and ``torch.optim.``.
        """
        return cls(checkpoint.read(path))

    def __call__(self, landmarks: Floats, aspect: float | None = None) -> npt.NDArray[np.float32]:
        """The probability of each word.

        Args:
            landmarks: one clip ``(T, 1662)`` of any length, or a batch of equally long ones ``(B, T, 1662)``.
            aspect: width over height of the picture; None where it is unknown.

        Returns:
            ``(words,)`` for one clip, ``(B, words)`` for a batch.
        """
        batch = landmarks if landmarks.ndim == 3 else landmarks[None]
        clips = torch.from_numpy(np.stack([resample(clip, CLIP_FRAMES) for clip in batch]).astype(np.float32))
        aspects = torch.full((len(clips),), aspect or self.aspect)
        with torch.inference_mode():
            probabilities = self.model(self.features(clips, aspects)).softmax(-1).numpy()  # (B, words)
        return probabilities if landmarks.ndim == 3 else probabilities[0]
