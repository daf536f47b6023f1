"""Lists of clips as a dataset's publishers write them: a clip per line."""

from __future__ import annotations

import re
from pathlib import Path

from isl.data.clips import Clips
from isl.data.vocabulary import spelling, word_folder
from isl.errors import InputError


def entries_of(path: str, side: str) -> list[str]:
    """Returns the clips that a list file names."""
    try:
        lines = Path(path).expanduser().read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
        raise InputError(f"split.{side}={path}: {reason}; name a text file with a clip a line") from None
    entries = []
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.startswith("#"):
            if not re.search(r"[^/\\][/\\][^/\\]", line):
                raise InputError(f"{path}, line {number}: {line.strip()!r} is not <word>/<clip>")
            entries.append(line.strip())
    return entries


class ClipFinder:
    """Finds the clip of a line in a list: by its video, else by its word and name."""

    def __init__(self, clips: Clips) -> None:
        self.by_video = {self._video(path): i for i, path in enumerate(clips.columns.get("video", [])) if path}
        self.by_name = {self._name(name): i for i, name in enumerate(clips.name)}

    def __call__(self, line: str) -> int | None:
        return self.by_video.get(self._video(line), self.by_name.get(self._name(line)))

    @staticmethod
    def _video(path: str) -> str:
        return path.replace("\\", "/").casefold()

    @staticmethod
    def _name(path: str) -> tuple[str, str]:
        """Returns (word, clip) for comparison."""
        *folders, clip = re.split(r"[/\\]+", path)
        suffix = r"\.(npy|mov|mp4|avi|mkv|webm|m4v|mpe?g)$"
        return spelling(word_folder(folders)), re.sub(suffix, "", clip.casefold())
