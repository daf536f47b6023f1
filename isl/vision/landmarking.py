"""Landmarks of a whole video, and what is odd about it."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np

from isl.errors import InputError
from isl.landmarks import CLIP_FRAMES, PARTS, Floats, is_found
from isl.vision.cut import Cut
from isl.vision.holistic import Holistic, pick_frames
from isl.vision.person_count import PeopleCounter
from isl.vision.video import Video, VideoFacts
from isl.vision.video_oddities import Oddities


def landmark_video(
    path: str | Path, frames: int | None = CLIP_FRAMES, face: bool = True, cut: Cut | None = None
) -> tuple[Floats, VideoFacts]:
    """Returns the landmarks of a video ``(frames, 1662)`` at equal times, or of every frame where None, and its facts.

    Extraction and inference both use this function, so that a clip and its video give the same numbers. Only a few
    pictures are in memory at a time, for a video of any length.

    Args:
        path: a video file, or a folder of numbered pictures.
        frames: number of frames to take; None: all.
        face: False leaves the face out.
        cut: the part of the video to read.

    Raises:
        InputError: the file is no readable video (see ``isl.vision.video.Video``), or no person is found.
    """
    video = Video(path, cut)
    clip, oddities = _landmark_frames(video, frames, face)
    if not any(is_found(clip, part).any() for part in PARTS):
        odd = "".join(f" ({remark})" for remark in video.remarks)
        raise InputError(
            f"{path}: shows nobody: no person was found in any of {len(clip)} frames; film one signer{odd}"
        )
    facts = video.facts()
    return clip, replace(facts, remarks=(*facts.remarks, *oddities.lines(facts.aspect)))


def _landmark_frames(video: Video, frames: int | None, face: bool) -> tuple[Floats, Oddities]:
    """Returns the landmarks ``(T, 1662)`` of all frames of a video, or of ``frames`` of them at equal times."""
    picks = None if frames is None else pick_frames(video.packet_times() or video.times, frames)
    with closing(PeopleCounter()) as count_people:
        while True:  # the exact times of all frames are known only after the last one was decoded
            oddities, clip = Oddities(count_people), []
            with Holistic(face) as tracker:
                for rgb in (rgb for _, rgb in video) if picks is None else video.frames_at(picks):
                    clip.append(tracker(rgb))
                    oddities.add(clip[-1], rgb)
            if picks is None or frames is None:
                return np.stack(clip), oddities
            expected, picks = picks, pick_frames(video.times, frames)
            if np.array_equal(picks, expected):
                return np.stack(clip), oddities
