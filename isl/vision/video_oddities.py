"""Oddities of a video that its pictures and landmarks show: a turned picture, a signer often lost, a second person.

Extraction, inference and live recognition all give their frames to one ``Oddities`` and print its lines.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt

from isl.landmarks import FACE, LEFT_HAND, LEFT_SHOULDER, NOSE, POSE, RIGHT_HAND, RIGHT_SHOULDER, Floats, is_found
from isl.vision.header import Image

FEWEST = 5  # frames with a person; with fewer of them, nothing is reported
TURNED = 60.0  # degrees between the vertical of the picture and of the signer
OFTEN = 0.4  # share of the frames without a person
JUMP = 1.2  # shoulder widths; nobody moves so far from one frame to the next
JUMPS = 2  # number of jumps that indicates another person
MOST = 100_000  # frames that are looked at: an hour of film, so that a longer one takes no more memory
COUNTED, FIRST_COUNTED = 30, 5  # people are counted in every 30th frame, from the frame 5 on
POINTS = (NOSE, LEFT_SHOULDER, RIGHT_SHOULDER)


class Oddities:
    """Collects the first ``MOST`` frames of a video, in order, and finds its oddities.

    Args:
        count_people: returns the number of people in a picture; None: a second person shows only by jumps.
    """

    def __init__(self, count_people: Callable[[Image], int] | None = None) -> None:
        self._count_people = count_people
        self._people: list[int] = []
        self._numbers = array("f")  # for each frame: 1 if a person was found, x and y of nose and shoulders
        self._anything = False

    def add(self, landmarks: Floats, picture: Image | None = None) -> None:
        """Adds the next frame: its landmarks ``(1662,)``, and its picture RGB ``(height, width, 3)`` if known."""
        number = len(self._numbers) // 7
        if number >= MOST:
            return
        points = POSE.of(landmarks)[POINTS, :2]
        self._numbers.extend([float(is_found(landmarks, POSE)), *map(float, points.ravel())])
        self._anything = self._anything or any(is_found(landmarks, part) for part in (FACE, LEFT_HAND, RIGHT_HAND))
        if self._count_people is not None and picture is not None and number % COUNTED == FIRST_COUNTED:
            self._people.append(self._count_people(picture))

    def lines(self, aspect: float) -> list[str]:
        """Returns a line for each oddity; ``aspect`` is width over height of the picture."""
        numbers = np.array(self._numbers, np.float32).reshape(-1, 7)
        if not len(numbers):
            return []
        seen = numbers[:, 0] > 0
        lost = 1 - float(seen.mean())
        lines: list[str] = []
        if lost == 1 and not self._anything:
            lines = ["shows nobody in any frame; film one signer"]
        elif lost > OFTEN:
            lines = [f"nobody is found in {lost:.0%} of its frames"]
        points = numbers[seen, 1:].reshape(-1, 3, 2) * (aspect, 1)  # (n, 3, 2)
        if len(points) >= FEWEST:
            lines += _find_turn(points)
        several = sum(people > 1 for people in self._people)
        if several and several > len(self._people) / 2:
            lines.append("two people or more are in the picture, and only one is followed: film one signer, or crop it")
        elif len(points) >= FEWEST:
            lines += _jumps(points, np.diff(np.flatnonzero(seen)) == 1)
        return lines


def _find_turn(points: npt.NDArray[np.float64]) -> Iterator[str]:
    up = points[:, 0] - points[:, 1:].mean(1)  # from the shoulders to the nose
    degrees = np.degrees(np.arctan2(up[:, 0], -up[:, 1]))  # 0: upright, 90: the head is on the right
    mean = np.degrees(np.arctan2(np.sin(np.radians(degrees)).mean(), np.cos(np.radians(degrees)).mean()))
    if abs(mean) > TURNED:
        by, turn = {1: (90, "transpose=2"), -1: (-90, "transpose=1")}.get(round(mean / 90), (180, "hflip,vflip"))
        yield f"the picture seems to be turned by {by} degrees; turn it: ffmpeg -i IN -vf {turn} OUT"


def _jumps(points: npt.NDArray[np.float64], consecutive: npt.NDArray[np.bool_]) -> Iterator[str]:
    middle = points[:, 1:].mean(1)
    widths = np.linalg.norm(points[:, 1] - points[:, 2], axis=-1)
    moves = np.linalg.norm(np.diff(middle, axis=0), axis=-1)[consecutive]
    jumps = int((moves > JUMP * max(float(np.median(widths)), 1e-3)).sum())
    if jumps >= JUMPS:
        yield f"the signer jumps from place to place {jumps} times: perhaps two people are in the picture; film one"
