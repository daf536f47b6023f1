"""Finds oddities of a video from its landmarks: a turned picture, a signer who is often lost, a second person."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from isl.landmarks import LEFT_SHOULDER, NOSE, POSE, RIGHT_SHOULDER, Floats, found

FEWEST = 5  # frames with a person; with fewer of them, nothing is reported
TURNED = 60.0  # degrees between the vertical of the picture and of the signer
OFTEN = 0.4  # share of the frames without a person
JUMP = 1.2  # shoulder widths; nobody moves so far from one frame to the next
JUMPS = 2  # number of jumps that indicates another person


def find_oddities(clip: Floats, aspect: float) -> Iterator[str]:
    """Yields a line for each oddity in the landmarks of consecutive or evenly spaced frames.

    Args:
        clip: the landmarks ``(T, 1662)``.
        aspect: width over height of the picture.
    """
    seen = found(clip, POSE)
    if (lost := 1 - float(seen.mean())) > OFTEN:
        yield f"nobody is found in {lost:.0%} of its frames"
    points = POSE.of(clip[seen])[:, [NOSE, LEFT_SHOULDER, RIGHT_SHOULDER], :2] * (aspect, 1)  # (n, 3, 2)
    if len(points) < FEWEST:
        return
    middle = points[:, 1:].mean(1)
    up = points[:, 0] - middle  # from the shoulders to the nose
    degrees = np.degrees(np.arctan2(up[:, 0], -up[:, 1]))  # 0: upright, 90: the head is on the right
    mean = np.degrees(np.arctan2(np.sin(np.radians(degrees)).mean(), np.cos(np.radians(degrees)).mean()))
    if abs(mean) > TURNED:
        turn = {1: "transpose=2", -1: "transpose=1"}.get(round(mean / 90), "hflip,vflip")
        yield f"the picture seems to be turned by {round(mean / 90) * 90} degrees; turn it: ffmpeg -i IN -vf {turn} OUT"
    widths = np.linalg.norm(points[:, 1] - points[:, 2], axis=-1)
    consecutive = np.diff(np.flatnonzero(seen)) == 1
    moves = np.linalg.norm(np.diff(middle, axis=0), axis=-1)[consecutive]
    jumps = int((moves > JUMP * max(float(np.median(widths)), 1e-3)).sum())
    if jumps >= JUMPS:
        yield f"the signer jumps from place to place {jumps} times: perhaps two people are in the picture; film one"
