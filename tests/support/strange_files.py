"""Files that are none, and files that are not what their names say."""

from __future__ import annotations

import gzip
import io
import os
import pickle
import socket
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

NOISE = np.random.default_rng(0).bytes(50_000)
TRACE = Path(tempfile.gettempdir()) / f"isl-was-here-{os.getpid()}"  # written by code in a file, if it is run
Make = Callable[[Path], object]


class Runs:
    """An object whose unpickling would write a file."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, (f"touch {TRACE}",)


def content(data: bytes) -> Make:
    return lambda path: path.write_bytes(data)


def array(value: object, pickled: bool = False) -> Make:
    def make(path: Path) -> None:
        with path.open("wb") as file:
            np.save(file, np.asarray(value), allow_pickle=pickled)

    return make


def header(text: str, body: bytes = b"") -> Make:
    """A file of numpy with any text as its header."""
    padded = text.ljust(118).encode() + b"\n"
    return content(b"\x93NUMPY\x01\x00" + len(padded).to_bytes(2, "little") + padded + body)


def archive(*entries: tuple[str, bytes], way: int = zipfile.ZIP_DEFLATED) -> Make:
    def make(path: Path) -> None:
        with zipfile.ZipFile(path, "w", way) as file:
            for name, data in entries:
                file.writestr(name, data)

    return make


def listening(path: Path) -> None:
    made = socket.socket(socket.AF_UNIX)
    here = Path.cwd()
    os.chdir(path.parent)  # the name of a socket must be short
    made.bind(path.name)
    os.chdir(here)


def sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(3 * 2**30)


def locked(path: Path) -> None:
    path.write_bytes(b"clip")
    path.chmod(0)


def locked_folder(path: Path) -> None:
    path.mkdir()
    (path / "clip.npy").write_bytes(b"clip")
    path.chmod(0)


def looped(path: Path) -> None:
    path.mkdir()
    (path / "again").symlink_to(path)


def deep(path: Path) -> None:
    path.mkdir()
    for _ in range(60):
        path = path / "deeper"
        path.mkdir()


def folder_of(*names: str) -> Make:
    def make(path: Path) -> None:
        path.mkdir()
        for name in names:
            (path / name).write_bytes(b"no picture")

    return make


def renamed(change: Callable[[str], bytes], data: bytes = NOISE) -> Make:
    """A file beside ``path`` with another name, which only bytes can write."""

    def make(path: Path) -> None:
        (path.parent / os.fsdecode(change(path.name))).write_bytes(data)

    return make


def two_links(path: Path) -> None:
    other = path.with_name(f"other{path.suffix}")
    path.symlink_to(other.name)
    other.symlink_to(path.name)


def pipe_in_folder(path: Path) -> None:
    path.mkdir()
    os.mkfifo(path / f"1{path.suffix}")


FLOATS = "{'descr': '<f4', 'fortran_order': False, 'shape': %s, }"
KINDS: dict[str, Make] = {
    "pipe": lambda path: os.mkfifo(path),
    "socket": listening,
    "endless device": lambda path: path.symlink_to("/dev/zero"),
    "empty device": lambda path: path.symlink_to("/dev/null"),
    "random device": lambda path: path.symlink_to("/dev/urandom"),
    "full device": lambda path: path.symlink_to("/dev/full"),
    "terminal": lambda path: path.symlink_to("/dev/tty"),
    "standard input": lambda path: path.symlink_to("/dev/stdin"),
    "memory of the system": lambda path: path.symlink_to("/proc/self/mem"),
    "facts of the system": lambda path: path.symlink_to("/proc/self/environ"),
    "folder of the system": lambda path: path.symlink_to("/proc/self"),
    "broken link": lambda path: path.symlink_to("nowhere"),
    "link to itself": lambda path: path.symlink_to(path.name),
    "two links to each other": two_links,
    "link to the folder above": lambda path: path.symlink_to(".."),
    "link to the root": lambda path: path.symlink_to("/"),
    "folder": lambda path: path.mkdir(),
    "folder in itself": looped,
    "folder sixty deep": deep,
    "folder of pictures that are none": folder_of("1.png", "2.png"),
    "folder of frames that are none": folder_of("0.npy", "1.npy"),
    "folder with a pipe": pipe_in_folder,
    "unreadable folder": locked_folder,
    "unreadable": locked,
    "absent": lambda path: None,
    "empty": content(b""),
    "one byte": content(b"\x00"),
    "text": content(b"no clip"),
    "letters of India": content("रोगी\n".encode() * 100),
    "escape codes": content(b"\x1b]0;title\x07\x1b[2J"),
    "noise": content(NOISE),
    "zeros": content(bytes(50_000)),
    "3 GB of nothing": sparse,
    "a page": content(b"<!DOCTYPE html><title>404</title>"),
    "a pointer of git": content(b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n"),
    "a picture": content(b"\x89PNG\r\n\x1a\n" + NOISE),
    "a sound": content(b"RIFF\x24\x00\x00\x00WAVEfmt " + NOISE),
    "a document": content(b"%PDF-1.7\n" + NOISE),
    "compressed": content(gzip.compress(bytes(10_000))),
    "a compressed bomb": content(gzip.compress(bytes(40 << 20))),
    "an archive": archive(("clip.txt", b"no clip")),
    "an archive with a bomb": archive(("arr_0.npy", bytes(40 << 20))),
    "an archive of paths": archive(("../../evil.npy", b"x"), ("/etc/evil", b"x")),
    "an archive of a thousand": archive(*((f"{i}.npy", b"x") for i in range(1000))),
    "half an archive": content(b"PK\x03\x04" + NOISE),
    "a pickle": content(pickle.dumps({"a": 1})),
    "a pickle with code": content(pickle.dumps(Runs())),
    "objects with code": array([Runs()], pickled=True),
    "a start of mp4": content(b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + NOISE),
    "a start of avi": content(b"RIFF\xff\xff\xff\x7fAVI LIST" + NOISE),
    "a start of webm": content(b"\x1aE\xdf\xa3" + NOISE),
    "an ONNX file that is none": content(b"\x08\x07\x12\x07pytorch" + NOISE),
    "a huge number of frames": header(FLOATS % "(9999999999, 1662)"),
    "a negative number of frames": header(FLOATS % "(-1, 1662)"),
    "too many dimensions": header(FLOATS % str((1,) * 60)),
    "a header with code": header(f"__import__('os').system('touch {TRACE}')"),
    "a header nested": header("(" * 110),
    "a header of numbers": header("9" * 110),
    "cut behind its header": header(FLOATS % "(60, 1662)", bytes(1000)),
    "more behind its end": header(FLOATS % "(1, 3)", NOISE),
    "a text's numbers": array(["a", "b"]),
    "complex numbers": array(np.ones((20, 1662), np.complex64)),
    "truth values": array(np.ones((20, 1662), bool)),
    "times": array(np.zeros(20, "datetime64[s]")),
    "records": array(np.zeros(20, [("x", "f4")])),
    "numbers that are none": array(np.full((20, 1662), np.nan, np.float32)),
    "infinite numbers": array(np.full((20, 1662), np.inf, np.float32)),
    "huge numbers": array(np.full((20, 1662), 1e30, np.float32)),
    "no frame": array(np.zeros((0, 1662), np.float32)),
    "another width": array(np.zeros((20, 7), np.float32)),
    "one number": array(3.0),
    "long clip": array(np.zeros((200_000, 3), np.float32)),
    "a name that is not UTF-8": renamed(lambda name: b"clip\xff\xfe" + name.encode()),
    "a name of two lines": renamed(lambda name: b"clip\n\x1b[2J" + name.encode()),
    "a name of 250 letters": renamed(lambda name: b"a" * (250 - len(name)) + name.encode()),
    "a name like an option": renamed(lambda name: b"--help=" + name.encode()),
    "a name like a setting": renamed(lambda name: b"${oc.env:HOME}" + name.encode()),
    "a name of right to left": renamed(lambda name: "\u202egnp.".encode() + name.encode()),
    "a name of blanks": renamed(lambda name: b"  " + name.encode()),
}


def cut(data: Callable[[], bytes], share: float) -> Make:
    def make(path: Path) -> None:
        whole = data()
        path.write_bytes(whole[: int(len(whole) * share)])

    return make


def sound_array() -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, np.ones((20, 1662), np.float32))
    return buffer.getvalue()


KINDS |= {f"cut off at {share:.0%}": cut(sound_array, share) for share in (0.001, 0.1, 0.5, 0.99)}
