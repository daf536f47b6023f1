"""Download and extraction of the medical vocabulary's videos from Kaggle: ``data=include24 data.download=true``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from isl import console
from isl.config.options import switch
from isl.data.clips import Clips
from isl.data.folder import FolderClips
from isl.errors import InputError
from isl.extract.recordings import find_recordings
from isl.extract.store import Store

HANDLE = "linardur/include-24-medical-modified"  # CC-BY 4.0: INCLUDE's clips of the 24 words, and phone recordings
BY_HAND = """To get these videos without it:
  1. open https://www.kaggle.com/datasets/{handle} in a browser, log in, and download the archive
  2. unpack it to videos/include24
  3. isl-extract input=videos/include24 output={root}"""


class Include24Clips(FolderClips):
    """``FolderClips`` that are downloaded and extracted first if ``download`` is true."""

    def __init__(self, root: str | None, download: bool = False, **options: Any) -> None:
        super().__init__(root, **options)
        self.download = switch(download, "data.download")

    def check(self) -> None:
        if not self.download:
            super().check()

    def load(self) -> Clips:
        if self.download and self.root is not None:
            download_include24(self.root)
        return super().load()


def download_include24(root: Path) -> None:
    """Download the videos, extract them to ``root`` and print a summary; finished steps are not repeated.

    Raises:
        InputError: ``kagglehub`` is not installed, there is no network or no login (the message then lists the manual
            steps), or ``root`` can't be written to.
    """

    from isl.extract.extraction import extract
    from isl.extract.summary import summary

    console.out.print(summary(extract(find_recordings(fetch_include24(root)).recordings, Store(root))))


def fetch_include24(root: Path) -> Path:
    """Downloads the videos once and returns their folder, which is in kagglehub's own cache.

    Args:
        root: folder of their landmarks, for the message.

    Raises:
        InputError: as ``download_include24``.
    """
    by_hand = BY_HAND.format(handle=HANDLE, root=root)
    try:
        import kagglehub
    except ImportError:
        raise InputError(f"data.download=true needs kagglehub: pip install -e '.[kaggle]'\n{by_hand}") from None
    try:
        return Path(kagglehub.dataset_download(HANDLE))
    except Exception as error:  # of requests, urllib3, kagglehub: no network, no login, no such data set
        reason = " ".join(str(error).split())[:300] or type(error).__name__
        raise InputError(f"data.download=true: Kaggle can't be reached or refuses: {reason}\n{by_hand}") from None
