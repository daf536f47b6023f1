"""Fetches files of an npm package once, checks them, and keeps them in the user's cache."""

from __future__ import annotations

import base64
import hashlib
import io
import shutil
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from isl import console
from isl.errors import InputError
from isl.files import read_file, replacing

FETCH_WITHIN = 600  # seconds


@dataclass(frozen=True)
class NpmPackage:
    """A pinned package of npm and the files of it that are needed.

    Attributes:
        name, version, sha512: the package, and the checksum of its archive in base64, as npm's registry has it.
        files: paths in the package; they are kept by their last names.
        megabytes: size of the archive.
        option: the option in messages, such as ``web.holistic``.
    """

    name: str
    version: str
    sha512: str
    files: tuple[str, ...]
    megabytes: int
    option: str

    def is_complete(self, folder: Path) -> bool:
        """Returns True if the folder has all files."""
        return all((folder / Path(name).name).is_file() for name in self.files)

    def fetch(self, folder: Path) -> Path:
        """Returns the folder, with the files in it; npm brings them if they are not there."""
        if not self.is_complete(folder):
            with tempfile.TemporaryDirectory() as place:
                self.unpack(self._pack(Path(place)), folder)
        return folder

    def unpack(self, package: Path, folder: Path) -> None:
        """Write the ``files`` of the archive to ``folder``, each as a whole; other processes may use or write them too.

        Raises:
            InputError: the archive can't be read, or its checksum is wrong.
        """
        content = read_file(package, 2 * self.megabytes * 2**20, f"{self.option}={package}")
        if hashlib.sha512(content).digest() != base64.b64decode(self.sha512):
            raise InputError(f"{package}: not {self.name} {self.version}, its checksum differs; it is not used")
        with tarfile.open(fileobj=io.BytesIO(content)) as archive:
            for name in self.files:
                file = archive.extractfile(f"package/{name}")
                assert file is not None  # a package with this checksum has all files
                with replacing(folder / Path(name).name) as unfinished:
                    unfinished.write_bytes(file.read())

    def _pack(self, place: Path) -> Path:
        """Downloads the package with npm. Returns its file in the folder ``place``."""
        npm = shutil.which("npm")
        if npm is None:
            raise InputError(
                f"{self.option}=fetch: npm is not installed; install Node.js, or bring the file that "
                f"`npm pack {self.name}@{self.version}` makes elsewhere and give {self.option}=FILE.tgz"
            )
        console.err.print(f"fetching {self.name} {self.version}, {self.megabytes} MB", style="dim")
        command = [npm, "pack", f"{self.name}@{self.version}", "--pack-destination", str(place), "--silent"]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=FETCH_WITHIN, cwd=place)
        except subprocess.TimeoutExpired:
            raise InputError(f"{self.option}=fetch: npm took more than {FETCH_WITHIN} s; try again") from None
        packages = list(place.glob("*.tgz"))
        if done.returncode or not packages:
            reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
            raise InputError(f"{self.option}=fetch: npm can't bring {self.name}: {reason}")
        return packages[0]
