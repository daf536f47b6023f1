"""A generated signer: proportions, habits, camera and tracker."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from isl.data.synthetic.signs import Array

# Width over height and the part of the height that average shoulders take: webcam, laptop, upright phone
CAMERAS = ((4 / 3, 0.43), (16 / 9, 0.42), (9 / 16, 0.28))


@dataclass(frozen=True)
class Signer:
    """Lengths are in shoulder widths of an average signer, angles in radians, places in the picture in its heights."""

    left_handed: bool
    # Body
    shoulders: float
    upper_arm: float
    forearm: float
    hand: float  # from the wrist to the tip of the middle finger
    head: float  # 1 is average
    neck: float  # height of the nose above the shoulders
    trunk: float  # length from the shoulders to the hips
    # Habits
    speed: float
    amplitude: float
    shift: Array  # (3,): offset by which this signer moves every place
    tilt: Array  # (3,): turn that this signer adds to the hand, as a rotation vector
    slack: float  # 0 to 1: part by which every hand shape is relaxed
    echo: float  # part by which the unused hand follows the other
    rest: Array  # (3,): resting place of each hand, from its own shoulder
    # Camera
    fps: float
    aspect: float
    scale: float  # a shoulder width in picture heights
    centre: Array  # (2,): place of the middle of the shoulders
    view: Array  # (3,): pitch, yaw and roll of the camera
    distance: float
    # Tracker
    jitter: float  # of a landmark, in picture heights
    losses: float  # tendency to lose a hand: 0 hardly, 1 often


def drawn(number: int, seed: int) -> Signer:
    """Draws signer ``number`` for ``seed``; every third is left-handed."""
    rng = np.random.default_rng([seed, 1, number])

    def about(mean: float, spread: float) -> float:
        return mean * float(np.exp(np.clip(rng.normal(), -2, 2) * spread))

    aspect, usual = CAMERAS[(number + number // 3) % len(CAMERAS)]
    beside = number % 3 != 1  # arms hang, below most pictures; otherwise the hands are folded before the belly
    rest = (-0.12, 1.45, -0.15) if beside else (0.24, 0.78, -0.40)
    neck, head, scale = about(0.56, 0.08), about(1.0, 0.06), about(usual, 0.13)
    room = aspect / 2 - 0.75 * scale  # both arms stay in the picture, and so does the head
    aside, height = rng.uniform(-1, 1, 2) * (0.6 * room, 0.12)
    height = max(0.52 + height, 0.04 + scale * (neck + 0.45 * head))
    return Signer(
        left_handed=number % 3 == 2,
        shoulders=about(1.0, 0.06),
        upper_arm=about(0.86, 0.05),
        forearm=about(0.74, 0.05),
        hand=about(0.52, 0.06),
        head=head,
        neck=neck,
        trunk=about(1.4, 0.05),
        speed=about(1.0, 0.18),
        amplitude=about(1.0, 0.2),
        shift=rng.normal(0, (0.04, 0.04, 0.04)),
        tilt=rng.normal(0, 0.15, 3),
        slack=float(rng.uniform(0.0, 0.3)),
        echo=float(rng.uniform(0.0, 0.15)),
        rest=np.array(rest) + rng.normal(0, 0.05, 3),
        fps=float(rng.choice([12, 15, 20, 25, 30])),
        aspect=aspect,
        scale=scale,
        centre=np.array([0.5 * aspect + aside, height]),
        view=rng.normal(0, (0.06, 0.14, 0.05)),
        distance=about(5.5, 0.15),
        jitter=about(0.0025, 0.4),
        losses=float(rng.uniform(0, 1)),
    )
