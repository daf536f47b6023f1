"""Check of a landmark folder from any source: its contents, and the clips that would harm training."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

import numpy as np
import numpy.typing as npt
from rich.console import Group
from rich.table import Table
from rich.text import Text

from isl import console
from isl.data.clips import Clips
from isl.data.gather import read_clips
from isl.data.labels import with_labels
from isl.data.layout import find_clips, word_folders
from isl.data.oddities import ClipOddities
from isl.data.reading_options import survey_sources
from isl.data.splits.groups import CAMERA_NUMBER, by_burst
from isl.data.splits.split import listed
from isl.data.splits.splitters import Stratified
from isl.data.table import NAME, read_table
from isl.data.vocabulary import word_of
from isl.data.walk import LeftOut
from isl.errors import InputError
from isl.landmarks import LEFT_HAND, PARTS, RIGHT_HAND, NotFiniteError, is_found

BURST_GAP = 5  # a larger gap in INCLUDE's camera numbers starts another recording
MOST = 20  # largest number of lines shown of a list


@dataclass
class Findings:
    """Findings for each clip. Names are ``<word>/<clip>``."""

    words: list[str]
    clips: int = 0
    layouts: Counter[str] = field(default_factory=Counter)
    shapes: Counter[tuple[int, ...]] = field(default_factory=Counter)
    unusable: list[str] = field(default_factory=list)  # reason why a clip can't be read, one line each
    not_finite: list[str] = field(default_factory=list)  # clips with NaN or infinity
    constant: list[str] = field(default_factory=list)  # clips whose frames are all the same
    copies: list[list[str]] = field(default_factory=list)  # clips with the same frames; all but the first count as bad
    missing: dict[str, tuple[float, float, float]] = field(default_factory=dict)  # by word: no left, right, any hand
    unlisted: list[str] = field(default_factory=list)  # clips without a row in a clips.csv that has rows for others
    remarks: list[str] = field(default_factory=list)  # oddities and corrections that may be harmless
    leaks: list[str] = field(default_factory=list)  # recordings that a split would put on both sides, a sentence each

    @property
    def problems(self) -> int:
        """Number of clips that would harm training: unusable, constant, or a copy of another."""
        copied = sum(len(names) - 1 for names in self.copies)
        return len(self.unusable) + len(self.not_finite) + len(self.constant) + copied

    def tables(self) -> Group:
        """Returns all findings as tables for the screen."""
        across = sum(len({name.partition("/")[0] for name in names}) > 1 for names in self.copies)
        shapes = [f"{count} of {shape}" for shape, count in self.shapes.most_common()]
        layouts = ", ".join(f"{count} {name}" for name, count in sorted(self.layouts.items()))
        copies = [" = ".join(names) for names in self.copies]
        kinds = {"unreadable": self.unusable, "NaN or infinity": self.not_finite, "constant": self.constant}
        kinds |= {"there twice or more": copies}
        table = Table(title="Landmarks", title_justify="left", show_header=False)
        table.add_row("words", str(len(self.words)))
        table.add_row("clips", f"{self.clips} ({layouts})")
        table.add_row("shapes", listed(shapes) or "none")
        for kind, lines in kinds.items():
            of_words = f", {across} across words" if lines is copies and across else ""
            table.add_row(kind, Text.assemble((str(len(lines)), "red" if lines else ""), (of_words, "red")))
        if self.unlisted:
            table.add_row(f"not in {NAME}", str(len(self.unlisted)))
        parts = [table, *(_list(f"{kind[0].upper()}{kind[1:]}", lines) for kind, lines in kinds.items())]
        parts += [_list("Remarks", self.remarks), self._hands(), _list("Would a split leak?", self.leaks)]
        return Group(*(part for part in parts if part.row_count))

    def _hands(self) -> Table:
        table = Table(title="Frames without hands", title_justify="left")
        for column in ("word", "no hand", "no left hand", "no right hand"):
            table.add_column(column, justify="left" if column == "word" else "right")
        for word in sorted(self.missing, key=lambda word: (-self.missing[word][2], word))[:MOST]:
            left, right, both = self.missing[word]
            table.add_row(Text(word), f"{both:.0%}", f"{left:.0%}", f"{right:.0%}")
        if len(self.missing) > MOST:
            table.caption = f"the worst {MOST} of {len(self.missing)} words"
        return table


def examine(root: Path) -> Findings:
    """Read every clip below ``root``, in any layout of ``isl.data.layout``, and look for faults.

    Raises:
        InputError: the folder is missing, has no clip, or its ``clips.csv`` is malformed.
    """
    if not root.is_dir():
        raise InputError(f"input={root}: no such folder; name a folder of landmarks <word>/<clip>.npy")
    words = word_folders(root)
    left_out = LeftOut()
    sources, _ = find_clips(root, words, left_out)
    if not sources:
        loose = "".join(f" ({line})" for line in left_out.lines(root)[:1])
        raise InputError(
            f"input={root}: no landmarks in it; they are <word>/<clip>.npy or <word>/<clip>/frame_<i>.npy{loose}"
        )
    table = read_table(root / NAME)
    findings = Findings([word_of(word) for word in words], len(sources))
    counts: dict[str, npt.NDArray[np.int64]] = defaultdict(lambda: np.zeros(4, np.int64))  # of frames
    sources, remarks = with_labels(root, sources)
    surveyed = survey_sources(sources)
    findings.remarks += [*surveyed.remarks, *remarks, *left_out.lines(root)]
    oddities = ClipOddities()
    for source, reading in console.progress(read_clips(sources, surveyed.read_as), "reading", len(sources)):
        findings.layouts["as files" if source.frames is None else "as folders of frames"] += 1
        if isinstance(reading, InputError):
            bad = findings.not_finite if isinstance(reading, NotFiniteError) else findings.unusable
            bad.append(str(reading))
            continue
        clip = np.ascontiguousarray(reading.frames)
        oddities.add(source, clip)
        findings.shapes[clip.shape] += 1
        if len(clip) > 1 and (clip == clip[0]).all():
            nobody = not any(is_found(clip, part).any() for part in PARTS)
            findings.constant.append(f"{source.name}: {'nobody in any frame' if nobody else 'all frames the same'}")
        left, right = (np.logical_not(is_found(clip, part)) for part in (LEFT_HAND, RIGHT_HAND))
        counts[source.word] += len(clip), left.sum(), right.sum(), (left & right).sum()
        if table and table.of(source.word, source.clip) is None:
            findings.unlisted.append(source.name)
    for word, (frames, *hands) in counts.items():
        findings.missing[word] = tuple(hand / frames for hand in hands)
    names, digests = oddities.names, oddities.digests
    equal = groupby(sorted(range(len(names)), key=digests.__getitem__), digests.__getitem__)
    same = sorted(copies for _, group in equal if len(copies := list(group)) > 1)  # by the first of them
    leader, near = oddities.near_copies()
    findings.remarks += oddities.lines()
    findings.remarks += [f"{names[i]} is nearly the same as {names[leader[i]]}" for i in near]
    findings.copies = [[names[i] for i in copies] for copies in same]
    groups = {f"{word}/{clip}": row.columns.get("group", "") for (word, clip), row in table.items()}
    findings.leaks = list(_leaks(_without_frames(words, oddities, [groups.get(name, "") for name in names])))
    return findings


def _without_frames(words: list[str], oddities: ClipOddities, groups: list[str]) -> Clips:
    """Returns the clips as a split needs them: names, words, checksums and groups, without frames."""
    count = len(groups)
    return Clips(
        words=[word_of(word) for word in words],
        frames=np.empty((0, 0), np.float32),
        start=np.zeros(count + 1, np.int64),
        label=np.array([words.index(source.word) for source in oddities.sources], np.int64),
        name=oddities.names,
        aspect=np.ones(count, np.float32),
        seconds=np.ones(count, np.float32),
        digest=oddities.digests,
        columns={"group": groups},
    )


def _leaks(clips: Clips) -> Iterator[str]:
    """Yields sentences about recordings that a split by clips puts on both sides, with a split that avoids it."""
    try:
        split = Stratified()(clips)
    except InputError as error:
        yield f"there is no split of it: {error}"
        return
    yield from split.warnings
    kinds = []
    if all(clips.columns["group"]):
        kinds.append(("group", "split=group", clips.columns["group"]))
    if all(CAMERA_NUMBER.search(name) for name in clips.name):
        kinds.append(("recording burst", f"split=group split.bursts={BURST_GAP}", by_burst(clips, BURST_GAP)))
    for kind, advice, groups in kinds:
        trained = {groups[i] for i in split.train}
        leaked = sum(groups[i] in trained for i in split.test)
        if leaked:
            yield (
                f"split=stratified: {leaked} of {len(split.test)} test clips have a clip of the same {kind} in "
                f"training, so that the test flatters; {advice} keeps them apart"
            )
        else:
            yield f"split=stratified: no test clip has one of the same {kind} in training"
    if not kinds:
        yield (
            "split=stratified: probably, as nothing says which clips are of one signer and session, and takes of one "
            "minute come to both sides; name the signers in column group of clips.csv, or find them in the clips' "
            "names by data.group='^([a-z]+)_'"
        )


def _list(title: str, lines: list[str]) -> Table:
    table = Table(title=title, title_justify="left", show_header=False)
    for line in lines[:MOST]:
        table.add_row(Text(line))
    if len(lines) > MOST:
        table.add_row(f"... and {len(lines) - MOST} more")
    return table
