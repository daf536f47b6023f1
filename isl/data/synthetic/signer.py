"""Who signs and what films it: proportions, habits, camera and tracker of one generated signer."""

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
    neck: float  # how far the nose is above the shoulders
    trunk: float  # from the shoulders to the hips
    # Habits
    speed: float
    amplitude: float
    shift: Array  # (3,): where this signer puts every place
    tilt: Array  # (3,): how this signer turns the hand, as a rotation vector
    slack: float  # how far every hand shape is on its way to the relaxed hand
    echo: float  # how far the unused hand follows the other
    rest: Array  # (3,): where the hands rest, counted from their own shoulder
    # Camera
    fps: float
    aspect: float
    scale: float  # a shoulder width in picture heights
    centre: Array  # (2,): where the middle of the shoulders is
    view: Array  # (3,): pitch, yaw and roll of the camera
    distance: float
    # Tracker
    jitter: float  # of a landmark, in picture heights
    losses: float  # how readily a hand is lost: 0 hardly, 1 often


def drawn(number: int, seed: int) -> Signer:
    """Signer ``number`` of the world ``seed``; every third is left-handed."""
    rng = np.random.default_rng([seed, 1, number])

    def about(mean: float, spread: float) -> float:
        return mean * float(np.exp(np.clip(rng.normal(), -2, 2) * spread))

    aspect, usual = CAMERAS[(number + number // 3) % len(CAMERAS)]
    beside = number % 3 != 1  # arms hanging, below most pictures; otherwise hands folded before the belly
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
