"""Reads the content of a checkpoint file without torch. Runs no code of the file.

``torch.save`` writes a zip archive: ``data.pkl`` with the values, where each tensor is a reference to a record, and the
records ``data/0``, ``data/1``, ... with the numbers. This module reads the archive's directory and ``data.pkl``, with
an unpickler that accepts only plain values and tensors. So a file is checked before memory is allocated for it.
"""

from __future__ import annotations

import hashlib
import io
import pickle
import re
import struct
import zipfile
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO, ClassVar, NamedTuple, NoReturn

from isl import console
from isl.errors import InputError, reason_of
from isl.files import kind_of_file
from isl.recognition.numbers import are_finite

MOST_BYTES = 512 * 2**20  # of a file; the last.ckpt of a training has four numbers per parameter
MOST_VALUES_BYTES = 2 * 2**20  # of data.pkl; 0.12 MB for `experiment=best`
MOST_RECORDS = 20_000
GROWTH = 2  # limit of the tensors' size over the file's size; above it, one record is used for many tensors
CHECKSUM = b"isl-sha256:"  # in the archive's comment, followed by 64 digits; covers all bytes before the digits
DIGITS = 64
_END = b"PK\x05\x06"  # last part of the archive, with the place of its directory: 22 bytes and a comment
_END_SIZE = 22
_WIDE_END, _WIDE_LOCATOR = b"PK\x06\x06", b"PK\x06\x07"  # the same for sizes of 64 bits, before it: 56 and 20 bytes
_OPCODES = """APPEND APPENDS BINFLOAT BINGET BININT BININT1 BININT2 BINPERSID BINPUT BINUNICODE BUILD EMPTY_DICT
    EMPTY_LIST EMPTY_TUPLE GLOBAL LONG1 LONG_BINGET LONG_BINPUT MARK NEWFALSE NEWTRUE NONE PROTO REDUCE SETITEM
    SETITEMS STOP TUPLE TUPLE1 TUPLE2 TUPLE3""".split()
_CODES = {getattr(pickle, name)[0] for name in _OPCODES}
_RECORD = re.compile(
    r"data\.pkl|version|byteorder|\.format_version|\.storage_alignment|\.data/serialization_id|data/\d+"
)
DTYPES = {  # bytes per number
    **dict.fromkeys(("DoubleStorage", "LongStorage"), 8),
    **dict.fromkeys(("FloatStorage", "IntStorage"), 4),
    **dict.fromkeys(("HalfStorage", "BFloat16Storage", "ShortStorage"), 2),
    **dict.fromkeys(("CharStorage", "ByteStorage", "BoolStorage"), 1),
}


class TensorRecord(NamedTuple):
    """Shape, number type and size in bytes of a tensor of the file, and if all numbers of its storage are finite."""

    shape: tuple[int, ...]
    dtype: str
    bytes: int
    finite: bool


class _Storage(NamedTuple):
    dtype: str
    key: str
    numbers: int
    finite: bool


class _Dtype(NamedTuple):
    name: str


def read_manifest(path: Path) -> dict[str, Any]:
    """Returns the dict in the file, with a ``TensorRecord`` in place of each tensor.

    Raises:
        InputError: the file does not exist, is not from ``torch.save``, is damaged or too large, or has other values
            than plain ones.
    """
    if kind_of_file(path) != "file":
        raise InputError(
            f"{path}: no such checkpoint; train one with `{console.command_line('train')}` or give ckpt_path="
        )
    try:
        with path.open("rb") as file:
            size = file.seek(0, io.SEEK_END)
            if size > MOST_BYTES:
                _refuse(path, f"{size / 2**20:.0f} MB, and no checkpoint of isl is larger than {MOST_BYTES >> 20} MB")
            _check_kind(path, file, size)
            checked = _check_checksum(path, file, size)
            with zipfile.ZipFile(file) as archive:
                records = _check_records(path, archive, size)
                if not checked and (damaged := archive.testzip()):  # an older file has only the archive's own checksums
                    _refuse(path, f"damaged in {damaged[:80]}")
                values = archive.read(records["data.pkl"])
                content = _read_values(path, values, records, file, size)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({reason_of(error)}); give another") from None
    except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError, RuntimeError, struct.error):
        raise InputError(f"{path}: cut off or damaged; take another copy or train again") from None
    if content.get("isl_format") is not None and not checked:
        _refuse(path, "damaged at its end, where its checksum was")
    return content


def checksum_comment(file: BinaryIO) -> None:
    """Appends the checksum to an archive of ``torch.save``, as the archive's comment."""
    size = file.seek(0, io.SEEK_END)
    file.seek(size - _END_SIZE)
    if file.read(4) != _END:
        raise RuntimeError("torch.save no longer ends its archives with a directory")
    file.seek(size - 2)
    file.write(struct.pack("<H", len(CHECKSUM) + DIGITS) + CHECKSUM)
    file.write(_digest(file, file.tell()))


def _digest(file: BinaryIO, end: int) -> bytes:
    file.seek(0)
    digest = hashlib.sha256()
    while block := file.read(min(end - file.tell(), 1 << 20)):
        digest.update(block)
    return digest.hexdigest().encode()


def _check_kind(path: Path, file: BinaryIO, size: int) -> None:
    file.seek(0)
    start = file.read(4)
    if not start:
        _refuse(path, "an empty file")
    if start[0] == 0x80:
        _refuse(path, "a pickle, as torch before 1.6 wrote them, which can hold code; save it anew with today's torch")
    if start != b"PK\x03\x04":
        _refuse(path, "not a checkpoint, or cut off")
    file.seek(max(size - _END_SIZE - 2**16, 0))
    tail = file.read()
    end = tail.rfind(_END)
    if end < 0 or len(tail) - end < _END_SIZE:
        _refuse(path, "cut off")
    entries, directory = struct.unpack("<10xHI", tail[end : end + 16])
    if tail[max(end - 20, 0) : end].startswith(_WIDE_LOCATOR):  # torch writes wide fields beside these
        wide = tail[max(end - 76, 0) : end - 20]
        if len(wide) != 56 or not wide.startswith(_WIDE_END):
            _refuse(path, "a directory that is damaged")
        more, larger = struct.unpack("<32xQQ8x", wide)
        entries, directory = max(entries, more), max(directory, larger)
    if entries > MOST_RECORDS or directory > 200 * MOST_RECORDS:
        _refuse(path, f"more than {MOST_RECORDS:,} records in it")


def _check_checksum(path: Path, file: BinaryIO, size: int) -> bool:
    """Returns True if the file has a checksum and it is right; raises InputError if it is wrong."""
    at = size - DIGITS - len(CHECKSUM)
    if at < 0:
        return False
    file.seek(at)
    if file.read(len(CHECKSUM)) != CHECKSUM:
        return False
    digits = file.read(DIGITS)
    if digits != _digest(file, size - DIGITS):
        _refuse(path, "damaged: its content does not fit its checksum")
    return True


def _check_records(path: Path, archive: zipfile.ZipFile, size: int) -> dict[str, zipfile.ZipInfo]:
    """Returns the archive's records by name, without the folder that contains all of them."""
    infos = archive.infolist()
    folder = infos[0].filename.partition("/")[0] if infos else ""
    records: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        above, _, name = info.filename.partition("/")
        if name.startswith("code/") or name == "constants.pkl":
            _refuse(path, "a TorchScript archive, which is a program")
        if above != folder or not _RECORD.fullmatch(name) or name in records:
            _refuse(path, f"a foreign archive ({info.filename[:80]})")
        if info.compress_type != zipfile.ZIP_STORED or info.flag_bits & 1 or info.compress_size != info.file_size:
            _refuse(path, "a compressed or encrypted archive, which torch.save does not write")
        records[name] = info
    if sum(info.file_size for info in infos) > size:
        _refuse(path, "its records are larger than the file")
    if "data.pkl" not in records:
        _refuse(path, "a zip archive without a checkpoint in it")
    if records["data.pkl"].file_size > MOST_VALUES_BYTES:
        _refuse(path, f"more than {MOST_VALUES_BYTES >> 20} MB of values beside its tensors")
    if "byteorder" in records and archive.read(records["byteorder"]) != b"little":
        _refuse(path, "written on a machine with another byte order")
    return records


def _read_values(
    path: Path, values: bytes, records: dict[str, zipfile.ZipInfo], archive: BinaryIO, size: int
) -> dict[str, Any]:
    reader = _Reader(io.BytesIO(values), records, archive)
    try:
        content = reader.load()
    except pickle.UnpicklingError as error:
        _refuse(path, f"not plain values: it holds {str(error)[:80]}")
    except Exception:  # bytes from an unknown source can raise any error in the unpickler
        _refuse(path, "not plain values, or damaged")
    if reader.bytes > GROWTH * size:
        _refuse(path, f"its tensors would take {reader.bytes / size:.0f} times the size of the file")
    if not isinstance(content, dict) or not isinstance(content.get("state_dict"), dict):
        raise InputError(f"{path}: not a checkpoint of isl, nor Insignia's {{'state_dict', 'classes'}}; give another")
    return content


class _Reader(pickle._Unpickler):
    """Unpickles plain values, ordered dicts and references to tensors; raises an error for anything else."""

    dispatch: ClassVar[dict[int, Callable[[Any], None]]] = {
        code: load for code, load in pickle._Unpickler.dispatch.items() if code in _CODES
    }

    def __init__(self, file: BinaryIO, records: dict[str, zipfile.ZipInfo], archive: BinaryIO) -> None:
        super().__init__(file)
        self.records = records
        self.archive = archive
        self.storages: dict[tuple[str, str], _Storage] = {}
        self.bytes = 0  # of all tensors together
        self.allowed: dict[tuple[str, str], Any] = {
            ("collections", "OrderedDict"): OrderedDict,
            ("torch._utils", "_rebuild_tensor_v2"): self._tensor,
            ("torch._utils", "_rebuild_parameter"): lambda tensor, *_: tensor,
            **{("torch", name): _Dtype(name) for name in DTYPES},
        }

    def find_class(self, module: str, name: str) -> Any:
        try:
            return self.allowed[module, name]
        except KeyError:
            raise pickle.UnpicklingError(f"{module}.{name}") from None

    def persistent_load(self, reference: Any) -> _Storage:
        kind, dtype, key, _, numbers = reference
        if kind != "storage" or not isinstance(dtype, _Dtype) or type(numbers) is not int:
            raise ValueError("no storage")
        record = self.records[f"data/{key}"]
        if record.file_size != numbers * DTYPES[dtype.name]:
            raise ValueError("a storage of another size than its record")
        if (key, dtype.name) not in self.storages:
            finite = are_finite(self.archive, record, dtype.name)
            self.storages[key, dtype.name] = _Storage(dtype.name, key, numbers, finite)
        return self.storages[key, dtype.name]

    def _tensor(self, storage: Any, offset: Any, shape: Any, stride: Any, *_: Any) -> TensorRecord:
        whole = [offset, *shape, *stride]
        if not isinstance(storage, _Storage) or len(shape) != len(stride) or len(shape) > 8:
            raise ValueError("no tensor")
        if any(type(value) is not int or not 0 <= value < 2**40 for value in whole):
            raise ValueError("a size that is none")
        numbers = 1
        for extent in shape:
            numbers *= extent
        if numbers and offset + sum((n - 1) * step for n, step in zip(shape, stride, strict=True)) >= storage.numbers:
            raise ValueError("a tensor beyond its storage")
        size = numbers * DTYPES[storage.dtype]
        self.bytes += size
        return TensorRecord(tuple(shape), storage.dtype, size, storage.finite)

    def _load_build(self) -> None:
        """Discards the attributes of an object: ``state_dict()`` sets versions on its ordered dict."""
        self.stack.pop()  # type: ignore[attr-defined]
        if not isinstance(self.stack[-1], OrderedDict):  # type: ignore[attr-defined]
            raise ValueError("state for an object that has none")

    dispatch[pickle.BUILD[0]] = _load_build


def _refuse(path: Path, reason: str) -> NoReturn:
    raise InputError(f"{path}: {reason}; it is not loaded, take another or train again") from None
