"""Checks that landmarks form a person; if not, estimates the order, unit and orientation of a folder's files.

A file with another order, unit or orientation has the right size and the wrong numbers. The anatomy shows it: the face
lies at the pose's nose, each hand at its wrist, the nose is above the shoulders, and in an unmirrored picture of
somebody who faces the camera the left shoulder is on the right.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from isl.data.anatomy import MOST_OF, Order, agree, are_in_blocks, best_order, found_parts, misplaced_parts, own_origins
from isl.data.formats.contract import AS_STORED, Array, RawClip, ReadAs
from isl.data.formats.shapes import blocks_of, squeeze
from isl.errors import InputError
from isl.landmarks import LEFT_HAND, LEFT_SHOULDER, NOSE, POSE, RIGHT_HAND, RIGHT_SHOULDER, Part

FRAMES = 12  # frames of a clip that are examined
PIXELS = 4.0  # a larger median coordinate is in pixels, not in parts of a picture
USUAL_SIZES = (
    (100, 100),
    *(size for w, h in ((640, 480), (1280, 720), (1920, 1080), (3840, 2160)) for size in ((w, h), (h, w))),
)

IN_BLOCKS = (
    "all x are stored before all y and all z, and not x, y, z point by point: write the files anew, or what is read is "
    "no person"
)


@dataclass(frozen=True)
class Survey:
    """Reading options for files, and remarks about them, one line each."""

    read_as: ReadAs = AS_STORED
    remarks: tuple[str, ...] = ()

    def adding(self, remark: str, **options: Any) -> Survey:
        """Returns the survey with a further remark, and with the reading options that the remark names."""
        return Survey(replace(self.read_as, **options), (*self.remarks, remark))


def survey(clips: Sequence[RawClip], given: ReadAs = AS_STORED) -> Survey:
    """Estimates the reading options for the clips of one folder from the majority of the samples.

    Args:
        clips: some of the clips, as stored in their files.
        given: the user's options, taken as correct.
    """
    sampled = [sample for clip in clips if (sample := _sampled(clip)) is not None]
    samples = [sample for sample in sampled if _has_pose(sample)]
    remarks = tuple(_what_is_missing(sampled))
    if not samples:
        return Survey(given, remarks)
    with np.errstate(all="ignore"):  # the reader rejects numbers that are too large
        surveyed = _survey(clips, samples, given)
    found_parts.cache_clear()
    return replace(surveyed, remarks=(*remarks, *surveyed.remarks))


def _what_is_missing(samples: list[RawClip]) -> Iterator[str]:
    """Yields remarks on files without a pose and on files without hands."""
    most = MOST_OF * len(samples)
    parts = [set(_parts_in(sample)) for sample in samples]
    if samples and sum(POSE not in own for own in parts) >= most:
        yield (
            "no pose in the files, only other parts: where the hands are on the body is lost, and features of the body "
            "see zeros there; which hand is first cannot be checked: the left one, unless data.order= says otherwise; "
            "extract the videos again if you have them"
        )
    if samples and sum(not own & {LEFT_HAND, RIGHT_HAND} for own in parts) >= most:
        yield "no hands in the files: few signs can be told apart without them; extract the videos again"
    if are_in_blocks([sample for sample, own in zip(samples, parts, strict=True) if POSE not in own], None):
        yield IN_BLOCKS


def _parts_in(clip: RawClip) -> Iterator[Part]:
    if isinstance(clip.values, dict):
        yield from clip.values
    else:
        yield from (block[0] for block in blocks_of(clip.values.shape, None, ""))


def _survey(clips: Sequence[RawClip], samples: list[RawClip], given: ReadAs) -> Survey:
    estimate = Survey(given)
    if given.order is None and (best := best_order(samples)) is not None:
        names = ",".join(part.name for part in best)
        estimate = estimate.adding(
            f"the parts of a frame are stored in another order: read as data.order=[{names}]", order=best
        )
    order = estimate.read_as.order
    if given.order is None and are_in_blocks(samples, order):
        return Survey(given, (IN_BLOCKS,))
    if away := misplaced_parts(samples, order):
        return estimate.adding(
            f"the points of {', '.join(away)} are not where they belong on a body: perhaps parts of several units, "
            "numbers in another order than x, y, z point by point, or differences of frames; write the files anew"
        )
    people = [person for sample in samples if len(person := _body(sample, order))]
    if not people:
        return estimate
    if given.size is None and not given.centred:
        if agree([bool(np.median(np.abs(person[..., 0])) > PIXELS) for person in people]):
            if not all(clip.in_pixels or clip.size for clip in clips):
                size = _likely_size(people)
                flag = f"data.size=[{size[0]},{size[1]}]; give the picture's own size if it is another"
                estimate = estimate.adding(f"coordinates are pixels: read as {flag}", size=size)
        elif agree([_is_centred(person) for person in people]):
            estimate = estimate.adding(
                "coordinates are relative to the shoulders: read as data.centred=true; where people stood is lost, and "
                "data.aspect= is needed unless x and y are of one unit",
                centred=True,
            )
    if not estimate.read_as.centred:
        if own_origins(samples, order) >= MOST_OF * len(samples):
            estimate = estimate.adding(
                "hands are relative to their own wrist, and the body is not: add the wrist to the points of each hand, "
                "or networks see them in a corner of the picture"
            )
        if estimate.read_as.size is None and agree(
            [bool(np.abs(np.median(person[:, NOSE], 0) - 0.5).max() > 0.55) for person in people]
        ):
            estimate = estimate.adding(
                "most heads lie outside the picture: coordinates should run from 0 to 1; perhaps they run from -1 to "
                "1, or are relative to something: write the files anew"
            )
    if agree([_visibility_is_strange(sample, order) for sample in samples]):
        estimate = estimate.adding("the visibility of the pose is not in 0 to 1; networks that read it see it as it is")
    mirror, turn = (False, 0) if given.mirror or given.turn else _standing(people)
    if mirror or turn:
        options = ["data.mirror=true"] * mirror + [f"data.turn={turn}"] * bool(turn)
        estimate = estimate.adding(f"{_how(mirror, turn)}: read as {' '.join(options)}", mirror=mirror, turn=turn)
    return estimate


def _how(mirror: bool, turn: int) -> str:
    if not mirror:
        return f"people do not stand upright, but turned by {360 - turn} degrees clockwise"
    if turn == 0:
        return "the picture was mirrored and left and right kept their names"
    return {180: "y runs upwards"}.get(turn, "x and y are exchanged, or people are mirrored and turned")


def misplaced(clips: Sequence[tuple[str, RawClip]], read_as: ReadAs) -> list[str]:
    """Returns a line for each of the named clips whose order, unit or orientation differs from that of the others."""

    def kind(options: ReadAs) -> ReadAs:
        return replace(options, size=options.size and (0.0, 0.0))  # sizes are guesses, and differ from clip to clip

    strange = []
    for name, clip in clips:
        own = survey([clip], replace(AS_STORED, order=read_as.order))
        if _has_pose(_sampled(clip)) and kind(own.read_as) != kind(read_as):
            strange.append(f"{name}: {'; '.join(own.remarks) or 'as it should be'}")
    return strange


def _sampled(clip: RawClip) -> RawClip | None:
    """Returns some of a clip's frames; None if it is not a clip."""

    def some(array: Array) -> Array:
        return array[np.unique(np.linspace(0, len(array) - 1, FRAMES).round().astype(int))].astype(np.float64)

    try:
        if isinstance(clip.values, dict):
            return replace(clip, values={part: some(np.asarray(points)) for part, points in clip.values.items()})
        if clip.values.dtype.kind not in "fiu":
            return None
        array = squeeze(clip.values, "")
        blocks_of(array.shape, None, "")
        return replace(clip, values=some(array))
    except (InputError, ValueError, IndexError, AttributeError, TypeError):
        return None


def _has_pose(clip: RawClip | None) -> bool:
    return clip is not None and POSE in _parts_in(clip)


def _body(clip: RawClip, order: Order | None) -> npt.NDArray[np.float64]:
    """Returns x and y of the pose in the frames that contain it, ``(frames, 33, 2)``."""
    pose = found_parts(clip, order)[POSE][..., :2]
    return pose[pose.any((1, 2))]


def _is_centred(person: npt.NDArray[np.float64]) -> bool:
    """Returns True if the middle of the shoulders, or the nose, is the origin in every frame."""
    middle = (person[:, LEFT_SHOULDER] + person[:, RIGHT_SHOULDER]) / 2
    width = np.linalg.norm(person[:, LEFT_SHOULDER] - person[:, RIGHT_SHOULDER], axis=-1).max()
    return any(bool((np.abs(points) < 0.01 * width + 1e-9).all()) for points in (middle, person[:, NOSE]))


def _visibility_is_strange(clip: RawClip, order: Order | None) -> bool:
    pose = found_parts(clip, order)[POSE]
    return pose.shape[2] == POSE.dims and bool(((pose[..., 3] < -0.01) | (pose[..., 3] > 1.01)).any())


def _likely_size(people: list[npt.NDArray[np.float64]]) -> tuple[float, float]:
    """Returns the smallest usual picture size that contains the heads and shoulders of nearly all frames."""
    points = np.concatenate([person[:, : RIGHT_SHOULDER + 1].reshape(-1, 2) for person in people])
    x, y = np.quantile(points, 0.98, axis=0)
    width, height = next((size for size in USUAL_SIZES if x <= size[0] and y <= size[1]), (float(x), float(y)))
    return width, height


def _standing(people: list[npt.NDArray[np.float64]]) -> tuple[bool, int]:
    """Returns True if x must be flipped, and the degrees clockwise by which the picture must then be turned."""
    votes: dict[tuple[bool, int], int] = {}
    for person in people:
        across = person[:, LEFT_SHOULDER] - person[:, RIGHT_SHOULDER]
        up = person[:, NOSE] - (person[:, LEFT_SHOULDER] + person[:, RIGHT_SHOULDER]) / 2
        cross = across[:, 0] * up[:, 1] - across[:, 1] * up[:, 0]
        wide = np.linalg.norm(across, axis=-1) > 0.25 * np.linalg.norm(up, axis=-1)  # not seen from the side
        mirrored = cross > 0
        upright = np.where(mirrored[:, None], up * (-1, 1), up)
        horizontal = np.abs(upright[:, 0]) > np.abs(upright[:, 1])
        turn = np.where(horizontal, np.where(upright[:, 0] > 0, 270, 90), np.where(upright[:, 1] > 0, 180, 0))
        frames = [(bool(m), int(t)) for m, t in zip(mirrored[wide], turn[wide], strict=True)]
        if not frames:
            continue
        best = max(set(frames), key=frames.count)
        if frames.count(best) >= MOST_OF * len(frames):
            votes[best] = votes.get(best, 0) + 1
    if not votes:
        return False, 0
    best = max(votes, key=lambda key: votes[key])
    return best if votes[best] >= MOST_OF * sum(votes.values()) else (False, 0)
