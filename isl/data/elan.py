"""ELAN's annotation files, ``.eaf``, read as labels of a video and written with a video's words.

Needs the extra `formats` (pympi-ling). Format: https://www.mpi.nl/tools/elan/EAF_Annotation_Format_3.0_and_ELAN.pdf
"""

from __future__ import annotations

import mimetypes
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

from isl.data.formats.contract import load_extra
from isl.data.listing import Entry, Listing
from isl.errors import InputError
from isl.files import read_file
from isl.vision.cut import Cut

WORDS = "words"  # the tier of words in the files that isl writes

Interval = tuple[float, float, str]  # start and end in seconds, text


def library() -> Any:
    """Returns the module that reads and writes ``.eaf``.

    Raises:
        InputError: it is not installed.
    """
    return load_extra("pympi.Elan", "pympi-ling", "ELAN's .eaf files need")


def read_eaf(path: Path, tier: str | None = None) -> Listing:
    """Returns a row for each annotation of a tier: its text is the word, its time the cut of the linked video.

    Args:
        tier: the tier's name; by default the only one with annotations, else the one named ``words``.

    Raises:
        InputError: the file can't be read, links no video, or has several tiers and none is named.
    """
    elan = library()
    read_file(path)
    try:
        file = elan.Eaf(str(path))
        times = {name: sorted(file.get_annotation_data_for_tier(name)) for name in file.get_tier_names()}
        linked = [media.get("RELATIVE_MEDIA_URL") or media.get("MEDIA_URL") or "" for media in file.media_descriptors]
    except Exception as error:  # damaged or foreign XML may raise any exception
        raise InputError(f"{path}: not a readable .eaf file ({type(error).__name__}); save it in ELAN") from None
    filled = {
        name: annotations
        for name, annotations in times.items()
        if any(annotation[2].strip() for annotation in annotations)
    }
    if tier is not None and tier not in filled:
        raise InputError(f"tier={tier}: {path} has no such tier with annotations; it has {_named(filled)}")
    if not filled:
        raise InputError(f"{path}: no annotations in it")
    if tier is None and len(filled) > 1 and WORDS not in filled:
        raise InputError(f"{path}: several tiers, {_named(filled)}; choose the one of the words by tier=")
    chosen = tier or (WORDS if WORDS in filled else next(iter(filled)))
    video = _video(path, linked)
    entries = [
        Entry(str(video), text.strip(), f"{path}, {chosen} at {start / 1000:g} s", cut=Cut(start / 1000, end / 1000))
        for start, end, text, *_ in filled[chosen]
        if text.strip() and start is not None and end is not None and end > start
    ]
    return Listing(entries)


def _video(path: Path, linked: Sequence[str]) -> Path:
    """Returns the first linked video that is there, at its stated place or beside the ``.eaf``."""
    for url in linked:
        stated = Path(unquote(urlparse(url).path if url.startswith("file:") else url))
        for place in (path.parent / stated, path.parent / stated.name):
            if place.is_file():
                return place
    from isl.vision.container import VIDEO_SUFFIXES

    beside = [path.with_suffix(suffix) for suffix in VIDEO_SUFFIXES if path.with_suffix(suffix).is_file()]
    if not beside:
        names = ", ".join(linked) or "no video"
        raise InputError(f"{path}: it links {names}, which is not there; put the video beside it")
    return beside[0]


def eaf_text(video: str, tiers: Mapping[str, Sequence[Interval]]) -> str:
    """Returns an ``.eaf`` file with the tiers' intervals, linked to the video beside it.

    Raises:
        InputError: pympi-ling is not installed.
    """
    elan = library()
    file = elan.Eaf(author="isl")
    file.remove_tier("default")
    name = Path(video).name
    file.add_linked_file(name, relpath=f"./{name}", mimetype=mimetypes.guess_type(name)[0] or "video/mp4")
    for tier, intervals in tiers.items():
        file.add_tier(tier)
        for start, end, text in intervals:
            first = round(1000 * start)
            file.add_annotation(tier, first, max(round(1000 * end), first + 1), text)
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder) / "words.eaf"
        file.to_file(str(written))
        return written.read_text(encoding="utf-8")


def _named(tiers: Mapping[str, object]) -> str:
    return ", ".join(tiers) or "none"
