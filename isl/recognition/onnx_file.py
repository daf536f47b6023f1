"""Checks an ONNX file without onnx and onnxruntime: its structure, its weights, its metadata and its checksum.

An ONNX file is a message of Protocol Buffers, a sequence of numbered fields. This module walks through the fields and
refuses those that could do more than compute an answer: files outside, loops, functions, operators of other libraries.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from isl.errors import InputError
from isl.files import read_file
from isl.recognition.schema import check_facts

METADATA, CHECKSUM = "isl", "isl-sha256"  # keys of the file's metadata
LARGEST = 256 * 2**20  # bytes
MOST_NODES = 50_000  # about 1,000 for `experiment=best`
DIGITS = 64
FORMAT = 2  # since files have a checksum

# Numbers of the fields, https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
GRAPH, METADATA_PROPS, TRAINING, FUNCTIONS = 7, 14, 20, 25  # of the model
NODE, INITIALIZER, SPARSE = 1, 5, 15  # of the graph
OPERATOR, ATTRIBUTE, DOMAIN = 4, 5, 7  # of a node
ATTRIBUTE_TENSORS, ATTRIBUTE_GRAPHS, ATTRIBUTE_SPARSE = (5, 10), (6, 11), (22, 23)  # of an attribute
DATA_TYPE, FLOATS, STRINGS, RAW, DOUBLES, EXTERNAL, PLACE = 2, 4, 6, 9, 10, 13, 14  # of a tensor
NUMBERS = {1: "<f4", 10: "<f2", 11: "<f8"}  # types of tensors that can hold NaN

Field = tuple[int, int, memoryview]  # number, value of a whole number, content of any other


def read_onnx(path: Path) -> tuple[bytes, dict[str, Any]]:
    """Returns the bytes of an ONNX file of ``isl-export`` and the facts in its metadata.

    Raises:
        InputError: no such file, a damaged one, one that is not from ``isl-export``, or one with content that is not
            allowed: files outside, loops, functions, texts, operators of other libraries, numbers that are not finite.
    """
    content = read_file(path, LARGEST)
    try:
        properties = _check_model(memoryview(content))
        facts: Any = json.loads(properties[METADATA])
        _check_checksum(content, properties, facts)
    except _RefusedError as reason:
        raise InputError(f"{path}: {reason}; it is not loaded, export it again") from None
    except (ValueError, KeyError, IndexError, RecursionError):
        raise InputError(f"{path}: not an ONNX file of isl-export, or damaged; export it again") from None
    check_facts(facts, path)
    return content, facts


def append_checksum(path: Path) -> None:
    """Appends the checksum of the file's content to its metadata. Other programs read the file as before."""
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest().encode()
    key = CHECKSUM.encode()
    entry = bytes([0x0A, len(key)]) + key + bytes([0x12, DIGITS]) + digest
    with path.open("ab") as file:
        file.write(bytes([METADATA_PROPS << 3 | 2, len(entry)]) + entry)


class _RefusedError(ValueError):
    """Raised for content that is not allowed; the message is the reason."""


def _check_checksum(content: bytes, properties: dict[str, str], facts: Any) -> None:
    if CHECKSUM in properties:
        entry = 4 + len(CHECKSUM) + DIGITS + 2  # as append_checksum writes it
        if hashlib.sha256(content[:-entry]).hexdigest() != properties[CHECKSUM]:
            raise _RefusedError("damaged: its content does not fit its checksum")
    elif isinstance(facts, dict) and "format" in facts:
        raise _RefusedError("damaged at its end, where its checksum was")


def _check_model(model: memoryview) -> dict[str, str]:
    """Checks the whole file; returns its metadata."""
    properties: dict[str, str] = {}
    nodes = 0
    for number, _, content in _fields(model):
        if number == GRAPH:
            nodes += _check_graph(content)
        elif number in (TRAINING, FUNCTIONS):
            raise _RefusedError("has functions of its own")
        elif number == METADATA_PROPS:
            entry = {number: bytes(text).decode() for number, _, text in _fields(content)}
            properties[entry[1]] = entry[2]
    if not nodes:
        raise ValueError("no network")
    return properties


def _check_graph(graph: memoryview) -> int:
    """Checks the nodes and the weights of a graph; returns the number of nodes."""
    nodes = 0
    for number, _, content in _fields(graph):
        if number == NODE:
            nodes += 1
            if nodes > MOST_NODES:
                raise _RefusedError(f"more than {MOST_NODES:,} operators")
            _check_node(content)
        elif number == INITIALIZER:
            _check_tensor(content)
        elif number == SPARSE:
            raise _RefusedError("has sparse weights")
    return nodes


def _check_node(node: memoryview) -> None:
    for number, _, content in _fields(node):
        if number == DOMAIN and bytes(content) not in (b"", b"ai.onnx"):
            raise _RefusedError("has operators of another library than ONNX")
        if number == OPERATOR and any(part in bytes(content) for part in (b"String", b"Regex", b"Tfidf", b"Image")):
            raise _RefusedError("has operators on texts or files")
        if number == ATTRIBUTE:
            for part, _, inner in _fields(content):
                if part in ATTRIBUTE_GRAPHS:
                    raise _RefusedError("has loops or branches")
                if part in ATTRIBUTE_SPARSE:
                    raise _RefusedError("has sparse weights")
                if part in ATTRIBUTE_TENSORS:
                    _check_tensor(inner)


def _check_tensor(tensor: memoryview) -> None:
    kind = 0
    numbers: list[tuple[str, memoryview]] = []
    for number, value, content in _fields(tensor):
        if number == EXTERNAL or (number == PLACE and value):
            raise _RefusedError("has weights in another file")
        if number == STRINGS:
            raise _RefusedError("has texts among its weights")
        if number == DATA_TYPE:
            kind = value
        elif number == FLOATS:
            numbers.append(("<f4", content))
        elif number == DOUBLES:
            numbers.append(("<f8", content))
        elif number == RAW:
            numbers.append(("", content))
    for dtype, content in numbers:
        if dtype or kind in NUMBERS:
            weights = np.frombuffer(content, dtype or NUMBERS[kind])
            if np.isnan(weights).any() or (weights.size > 1 and np.isinf(weights).any()):  # one infinity masks frames
                raise _RefusedError("has weights that are not finite")


def _fields(message: memoryview) -> Iterator[Field]:
    """Yields the fields of a message. Numbers of 32 and 64 bits come as their bytes.

    Raises:
        ValueError: the message ends within a field, or has one of an unknown kind.
    """
    at, end = 0, len(message)
    while at < end:
        tag, at = _varint(message, at)
        value, start = 0, at
        if tag & 7 == 0:
            value, at = _varint(message, at)
        elif tag & 7 == 1:
            at += 8
        elif tag & 7 == 2:
            size, start = _varint(message, at)
            at = start + size
        elif tag & 7 == 5:
            at += 4
        else:
            raise ValueError("a field of an unknown kind")
        if at > end:
            raise ValueError("cut off")
        yield tag >> 3, value, message[start:at]


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    """Returns a whole number, 7 bits a byte, and the place after it."""
    value = 0
    for shift in range(0, 70, 7):
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if not byte & 0x80:
            return value, at
    raise ValueError("a number of more than ten bytes")
