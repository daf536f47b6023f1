"""Extraction: missing clips are sent to the workers; this process writes their results and notes.

Only this process writes. A killed worker leaves nothing behind. A clip's file is always written before its note; a clip
without a note is extracted again, to the same bytes.
"""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from isl import console
from isl.errors import InputError, reason_of
from isl.extract.ledger import FAILED, Key, Ledger, Note, Row
from isl.extract.pool import run_jobs
from isl.extract.progress_bar import Bar
from isl.extract.recordings import Recording, shard_of
from isl.extract.store import Store
from isl.landmarks import CLIP_FRAMES, Floats
from isl.vision.cut import Cut
from isl.vision.holistic import extractor, found_fractions
from isl.vision.landmarking import landmark_video
from isl.vision.pictures import pictures_in
from isl.vision.video import VideoFacts

Landmark = Callable[[Path, int | None, bool, Cut | None], tuple[Floats, VideoFacts]]
TIME_LIMIT = 600.0  # seconds
MOST_REMARKS = 20  # on clips that are kept; a large set of phone videos would have thousands


@dataclass(frozen=True)
class Options:
    """Options of a clip.

    Attributes:
        frames: number of frames to take; None: all.
        face: True finds the face; False leaves zeros in its place, which is faster.
        time_limit: seconds after which a video that gives no clip is given up.
    """

    frames: int | None = CLIP_FRAMES
    face: bool = True
    time_limit: float = TIME_LIMIT
    landmark: Landmark = landmark_video  # must be importable by name, for the workers


@dataclass(frozen=True)
class Extraction:
    """Result of a run. ``notes`` has the outcome of every clip of its shard, from this run or an earlier one."""

    notes: dict[Key, Note]
    extracted: int  # clips written by this run; the others existed before

    @property
    def failed(self) -> dict[Key, Row]:
        """The clips without landmarks, and the reasons."""
        return {key: note.failure for key, note in self.notes.items() if note.lost and note.failure is not None}


def extract(
    recordings: list[Recording],
    store: Store,
    options: Options | None = None,
    workers: int | None = None,
    shard: int = 0,
    num_shards: int = 1,
) -> Extraction:
    """Extract the missing or outdated ``recordings`` into ``store``. A stopped run continues when called again.

    Args:
        workers: number of parallel processes; one per core by default. The result does not depend on it.
        shard: index, from 0, of the part of the recordings to extract, of ``num_shards`` parts.

    Raises:
        InputError: the folder can't be written to, or its disk is full. Finished clips are kept.
    """
    options = options or Options()
    ours = shard_of(recordings, shard, num_shards)
    columns = {recording.key: {"group": recording.group, "split": recording.split} for recording in recordings}
    try:
        store.root.mkdir(parents=True, exist_ok=True)
        ledger = Ledger(store).read()
        todo = _outdated(ours, ledger, options)
        jobs = [Job(recording, options) for recording in todo]
        extracted, remarked = 0, 0
        try:
            with (
                Bar(done=len(ours) - len(todo), total=len(ours)) as bar,
                closing(run_jobs(landmark, jobs, workers or _cores(), options.time_limit)) as results,
            ):
                for job, result in results:
                    note = _settle(job, result, ledger)
                    extracted += not note.lost
                    bar.advance(0 if note.row is None else int(note.row["kept"]))
                    if note.failure is not None and (note.lost or remarked < MOST_REMARKS):
                        remarked += not note.lost
                        more = f" (further remarks are in {FAILED})" if remarked == MOST_REMARKS else ""
                        bar.say(f"{'/'.join(job.recording.key)}: {note.failure['reason']}{more}")
        finally:
            ledger.publish(columns)
    except OSError as error:
        raise InputError(_disk_trouble(store.root, error)) from error
    return Extraction({recording.key: ledger.notes[recording.key] for recording in ours}, extracted)


@dataclass(frozen=True)
class Job:
    """Input of a worker."""

    recording: Recording
    options: Options


@dataclass(frozen=True)
class Landmarked:
    """Result of a worker."""

    clip: Floats  # (frames, 1662)
    facts: VideoFacts
    size: int  # bytes of the video
    checksum: str  # SHA-256 of the video


@dataclass(frozen=True)
class Refused:
    """Result of a worker for an unusable video. It stays the same until the video changes."""

    reason: str
    size: int
    checksum: str


def landmark(job: Job) -> Landmarked | Refused:
    """Returns one video's landmarks, with its size and checksum. Runs in a worker."""
    path = job.recording.path
    before = _stamp(path)
    size, checksum = (before[0], _checksum(path)) if before else (0, "")
    try:
        clip, facts = job.options.landmark(path, job.options.frames, job.options.face, job.recording.cut)
    except InputError as error:
        return Refused(str(error), size, checksum)
    if _stamp(path) != before:
        return Refused("the file changed while it was read; run again when it is complete", 0, "")
    return Landmarked(clip, facts, size, checksum)


def _settle(job: Job, result: Landmarked | Refused | Exception, ledger: Ledger) -> Note:
    """Write a worker's result for a clip."""
    recording = job.recording
    is_noted = recording.key in ledger.notes
    row: Row = {"extractor": extractor(job.options.face), "video": recording.video, "part": recording.part}
    if isinstance(result, Landmarked):
        row |= {"bytes": str(result.size), "checksum": result.checksum}
        ledger.store.put(*recording.key, result.clip)
        if is_noted:
            ledger.store.drop_other_layout(*recording.key)
        note = Note(row=_clip_row(recording, result) | row)
        if result.facts.remarks:
            note.failure = {"clip_written": "yes", "reason": "; ".join(result.facts.remarks)} | row
    else:
        if isinstance(result, Refused):
            reason = result.reason.removeprefix(f"{recording.path}: ")
            row |= {"bytes": str(result.size), "checksum": result.checksum}
        else:  # no checksum, so that the next run tries again
            reason = f"{type(result).__name__}: {result}"
        if is_noted:  # landmarks of an earlier state of the video
            ledger.store.drop(*recording.key)
        note = Note(failure={"clip_written": "no", "reason": reason} | row)
    ledger.add(recording.key, note)
    return ledger.notes[recording.key]


def _clip_row(recording: Recording, result: Landmarked) -> Row:
    facts = result.facts
    return {
        "group": recording.group,
        "split": recording.split,
        "fps": f"{facts.fps:g}",
        "width": str(facts.width),
        "height": str(facts.height),
        "frames": str(facts.frames),
        "seconds": f"{facts.seconds:g}",
        **{part: f"{fraction:.4g}" for part, fraction in found_fractions(result.clip).items()},
        "kept": str(len(result.clip)),
    }


def _outdated(recordings: list[Recording], ledger: Ledger, options: Options) -> list[Recording]:
    """Returns the recordings without an outcome, or with one of another video or other options."""
    current = extractor(options.face)

    def is_current(recording: Recording) -> bool:
        note = ledger.notes.get(recording.key, Note())
        row, clip = note.failure or {}, None
        if note.row is not None:
            row, clip = note.row, ledger.store.path(*recording.key)
            wanted = str(options.frames) if options.frames else row.get("frames")
            if row.get("kept") != wanted or not ledger.store.has(*recording.key):
                return False
        same_way = row.get("extractor") == current and row.get("part", "") == recording.part
        return same_way and _same(recording.path, row, clip)

    with ThreadPoolExecutor() as pool:  # reading a file for its checksum does not delay the others
        answers = console.progress(pool.map(is_current, recordings), "checking", len(recordings))
        return [recording for recording, yes in zip(recordings, answers, strict=True) if not yes]


def _same(video: Path, row: Row, clip: Path | None) -> bool:
    """Returns True if ``row`` was made from this ``video``. The file is read only if dates and size are not enough."""
    try:
        stamp = _stamp(video)
        if stamp is None:
            return row.get("checksum") == ""  # still missing
        size, *changed = stamp
        if str(size) != row.get("bytes"):
            return False
        if clip is not None and max(changed) < clip.stat().st_mtime_ns:
            return True
        return _checksum(video) == row.get("checksum")
    except OSError:
        return False


def _stamp(path: Path) -> tuple[int, int, int] | None:
    """Returns bytes and times of the last change of a video; of a folder of pictures all bytes and the last times."""
    try:
        facts = [file.stat() for file in _files_of(path)]
    except OSError:
        return None
    if not facts:
        return None
    return sum(f.st_size for f in facts), max(f.st_mtime_ns for f in facts), max(f.st_ctime_ns for f in facts)


def _checksum(path: Path) -> str:
    """Returns the SHA-256 of a video, of a folder of pictures that of all of them; "" for anything else."""
    if not (path.is_file() or path.is_dir()):
        return ""
    digest = hashlib.sha256()
    for part in _files_of(path):
        with part.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()


def _files_of(path: Path) -> list[Path]:
    return [path / name for name in pictures_in(path)] if path.is_dir() else [path]


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _disk_trouble(root: Path, error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"output={root}: no space left; free some and start again, which goes on from here"
    return f"output={root}: {reason_of(error)}; choose another folder, or start again when that is mended"
