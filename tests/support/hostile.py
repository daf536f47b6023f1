"""Checkpoint files that an attacker could send. Each tries another kind of harm; all are small on disk."""

from __future__ import annotations

import io
import os
import pickle
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from isl.landmarks import FRAME_SIZE
from isl.models.bilstm_attn import BiLSTMAttention

MODEL = "isl.models.bilstm_attn.BiLSTMAttention"
GROUPS = [{"lr": 0.1, "params": [0]}]


class Opens:
    """An object that creates the file ``mark`` when an unsafe loader unpickles it."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[str, str]]:
        return open, (str(self.mark), "w")


def content(**described: Any) -> dict[str, Any]:
    """Returns the values of a valid checkpoint; ``described`` replaces some of its hyperparameters."""
    network = BiLSTMAttention(FRAME_SIZE, 2, hidden=4)
    return {
        "hyper_parameters": {
            "words": ["no", "yes"],
            "features": {"_target_": "isl.features.RawFeatures"},
            "model": {"_target_": MODEL, "hidden": 4},
            "about": {"seconds": 1.5},
            **described,
        },
        "state_dict": {f"model.{key}": value for key, value in network.state_dict().items()},
        "optimizer_states": [{"state": {}, "param_groups": GROUPS}],
    }


def nested(depth: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


def with_state(**changes: torch.Tensor) -> dict[str, Any]:
    made = content()
    made["state_dict"] |= {f"model.{key.replace('__', '.')}": value for key, value in changes.items()}
    return made


def with_values(path: Path, values: bytes, extra: dict[str, bytes] | None = None) -> None:
    """Writes an archive in torch's format whose data.pkl is ``values``."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("a/data.pkl", values)
        archive.writestr("a/version", b"3\n")
        archive.writestr("a/byteorder", b"little")
        for name, record in (extra or {}).items():
            archive.writestr(f"a/{name}", record)


def compressed(path: Path) -> None:
    """Writes a zip bomb: 64 megabytes of zeros in a few kilobytes."""
    plain = io.BytesIO()
    torch.save(content() | {"zeros": torch.zeros(2**24)}, plain)
    with zipfile.ZipFile(plain) as archive, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as smaller:
        for info in archive.infolist():
            smaller.writestr(info.filename, archive.read(info))


def script(path: Path) -> None:
    with_values(path, pickle.dumps({}, protocol=2), {"constants.pkl": b"", "code/__torch__.py": b"import os"})


def two_values(path: Path) -> None:
    with_values(path, pickle.dumps({"state_dict": {}}, protocol=2))
    with zipfile.ZipFile(path, "a", zipfile.ZIP_STORED) as archive:
        archive.writestr("A/DATA.PKL", b"cos\nsystem\n(S'true'\ntR.")


def crowd(path: Path) -> None:
    """Writes an archive whose header claims four billion records."""
    torch.save(content(), path)
    raw = bytearray(path.read_bytes())
    at = raw.rfind(b"PK\x05\x06")
    raw[at + 8 : at + 16] = struct.pack("<HHI", 0xFFFF, 0xFFFF, 0xFFFFFFFF)
    path.write_bytes(raw)


def shared_members() -> dict[str, Any]:
    member = {"_target_": MODEL, "hidden": 4}
    many = [member] * 1000
    return {"_target_": "isl.models.members.MemberAverage", "members": [{"_target_": MODEL, "sees": many}] * 1000}


def saved(make: Callable[[], Any]) -> Callable[[Path], None]:
    return lambda path: torch.save(make(), path)


def network(name: str, **options: Any) -> Callable[[Path], None]:
    return saved(lambda: content(model={"_target_": f"isl.models.{name}", **options}))


LSTM = "bilstm_attn.BiLSTMAttention"
CONV = "conv_transformer.ConvTransformer"
FILES: dict[str, Callable[[Path], object]] = {
    "pickle": lambda path: torch.save(content() | {"a": Opens(path.with_suffix(".mark"))}, path),
    "legacy": lambda path: torch.save(content(), path, _use_new_zipfile_serialization=False),
    "bare pickle": lambda path: path.write_bytes(pickle.dumps(Opens(path.with_suffix(".mark")))) and None,
    "module": saved(lambda: BiLSTMAttention(3, 2, 4)),
    "torchscript": script,
    "two values": two_values,
    "opcode": lambda path: with_values(path, b"\x80\x04\x95" + struct.pack("<Q", 2**60) + b"."),
    "memo": lambda path: with_values(path, b"\x80\x02Nr\xff\xff\xff\x7f."),
    "crowd": crowd,
    "bomb": compressed,
    "system": saved(lambda: content(model={"_target_": "os.system", "command": "true"})),
    "camera": saved(lambda: content(model={"_target_": "isl.live.camera.Camera", "source": "http://127.0.0.1:9/"})),
    "reader": saved(lambda: content(features={"_target_": "isl.data.folder.FolderClips", "root": "/etc"})),
    "optimiser": saved(lambda: content(optimizer={"_target_": "isl.extract.pool.Pool"})),
    "nested target": network("multi_branch.MultiBranch", network={"_target_": "os.system"}, sees={"whole": None}),
    "path": saved(lambda: content(model={"_target_": "isl.models.../../etc/passwd"})),
    "no network": network("frames.FrameNorm"),
    "hidden": network(LSTM, hidden=30_000),
    "negative": network(LSTM, hidden=-1),
    "text": network(LSTM, hidden="4"),
    "huge number": network(LSTM, hidden=10**400),
    "not a number": network(LSTM, hidden=4, dropout=float("nan")),
    "stages": network(CONV, stages=1_000_000),
    "kernel": network(CONV, kernel=100_001),
    "shared members": saved(lambda: content(model=shared_members())),
    "nesting": saved(lambda: content(about={"a": nested(200)})),
    "many words": saved(lambda: content(words=["a" * 9 + str(i) for i in range(100_000)])),
    "long word": saved(lambda: content(words=["no", "y" * 10_000])),
    "escape": saved(lambda: content(words=["no", "\x1b]0;owned\x07\x1b[2J"])),
    "newline": saved(lambda: content(words=["no", "yes\nerror: gone"])),
    "invisible": saved(lambda: content(words=["no", "\u200c"])),
    "twice": saved(lambda: content(words=["no", "no"])),
    "number word": saved(lambda: content(words=["no", 3])),
    "about": saved(lambda: content(about={"seconds": -1.0})),
    "temperature": saved(lambda: content(about={"temperature": float("nan")})),
    "text fact": saved(lambda: content(about="nothing")),
    "infinite": saved(lambda: with_state(norm__weight=torch.full((8,), float("inf")))),
    "nan": saved(lambda: with_state(norm__weight=torch.full((8,), float("nan")))),
    "half nan": saved(lambda: with_state(norm__weight=torch.full((8,), float("nan"), dtype=torch.float16))),
    "double nan": saved(lambda: with_state(norm__weight=torch.full((8,), float("nan"), dtype=torch.float64))),
    "brain infinite": saved(lambda: with_state(norm__weight=torch.full((8,), float("-inf"), dtype=torch.bfloat16))),
    "stride": saved(lambda: with_state(lstm__weight_ih_l0=torch.zeros(1).expand(40_000, 40_000))),
    "grown": saved(lambda: with_state(lstm__weight_ih_l0=torch.zeros(7_000_000).expand(240, 7_000_000))),
    "sparse": saved(lambda: with_state(norm__weight=torch.eye(8).to_sparse())),
    "complex": saved(lambda: with_state(norm__weight=torch.zeros(8, dtype=torch.complex64))),
    "no tensor": saved(lambda: {**content(), "state_dict": {"model.norm.weight": 3}}),
    "other shape": saved(lambda: with_state(norm__weight=torch.zeros(9))),
    "a word more": saved(lambda: content(words=["no", "yes", "more"])),
    "text file": lambda path: path.write_text("hello") and None,
    "empty": lambda path: path.touch(),
    "fifo": lambda path: os.mkfifo(path),
    "device": lambda path: path.symlink_to("/dev/zero"),
    "loop": lambda path: path.symlink_to(path.name),
    "broken link": lambda path: path.symlink_to("nowhere"),
    "folder": lambda path: path.mkdir(),
    "absent": lambda path: None,
}
