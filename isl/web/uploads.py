"""Recognises the words of an uploaded video, with their times, in the same way as ``infer.py segment=true``.

The video is kept in a temporary folder until the answer is complete, and is decoded in another process. Videos are
processed one at a time; live recognition continues meanwhile.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import anyio
import numpy as np
from anyio import to_thread
from anyio.streams.buffered import BufferedByteReceiveStream
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from isl.landmarks import FRAME_SIZE, Floats
from isl.recognition.events import Event
from isl.recognition.interpreter import Interpreter
from isl.recognition.transcript import written_here
from isl.vision.container import VIDEO_SUFFIXES
from isl.web.messages import HEADER, read_frame

LARGEST = 200 * 2**20  # bytes
UPLOAD_WITHIN = 300.0  # seconds
FIRST_WITHIN = 10.0  # seconds after which a sender must have sent at the rate SLOWEST
SLOWEST = 50_000.0  # bytes per second
MOST_ARRIVING, OF_ONE_ADDRESS = 16, 4  # videos at once
ANSWER_WITHIN = 1800.0  # seconds
MOST_WAITING = 4
ONE_SIGN = 12.0  # seconds: a shorter video is also recognised as a whole
MOST_OF_ONE_SIGN = 1500  # frames
FRAME_BYTES = HEADER.size + 4 * FRAME_SIZE

Message = dict[str, Any]
Recognise = Callable[[Floats, float], list[tuple[str, float]]]


class FileDesk:
    """Takes videos from pages and streams their words back, one line of JSON for each.

    Args:
        interpreter: a function that makes a new interpreter for a video.
        recognise: a function that returns the likeliest words of a whole clip ``(T, 1662)`` with the picture's aspect.
        face: True if the network reads the face.
    """

    def __init__(self, interpreter: Callable[[], Interpreter], recognise: Recognise, face: bool) -> None:
        self.interpreter, self.recognise, self.face = interpreter, recognise, face
        self._turn: anyio.Semaphore | None = None
        self._waiting = 0
        self._arriving: Counter[str] = Counter()  # by the address of the sender

    async def receive(self, request: Request) -> Response:
        name = Path(request.query_params.get("name", "")).name[:100]
        suffix = Path(name).suffix.lower()
        if suffix not in VIDEO_SUFFIXES:
            return _refusal(f"not a video that is read; give one of {', '.join(VIDEO_SUFFIXES)}", 415)
        if self._waiting >= MOST_WAITING:
            return _refusal("too many videos are waiting; try again later", 503)
        sender = request.client.host if request.client else ""
        if self._arriving[sender] >= OF_ONE_ADDRESS or self._arriving.total() >= MOST_ARRIVING:
            return _refusal("too many videos are being sent; try again later", 503)
        folder = tempfile.TemporaryDirectory(prefix="isl-")
        path = Path(folder.name) / f"video{suffix}"  # the sender's file name is used only in the answer
        self._arriving[sender] += 1
        try:
            problem = await _receive(request, path)
        except BaseException:
            folder.cleanup()
            raise
        finally:
            self._arriving[sender] -= 1
            self._arriving = +self._arriving
        if problem or self._waiting >= MOST_WAITING:
            folder.cleanup()
            return _refusal(problem, 413) if problem else _refusal("too many videos are waiting; try again later", 503)
        self._waiting += 1

        async def lines() -> AsyncIterator[str]:
            async for message in self._answer(path, name):
                yield json.dumps(message, ensure_ascii=False) + "\n"

        def leave() -> None:
            self._waiting -= 1
            folder.cleanup()

        return FileAnswer(lines(), leave)

    async def _answer(self, path: Path, name: str) -> AsyncIterator[Message]:
        self._turn = self._turn or anyio.Semaphore(1)
        async with self._turn:
            command = [sys.executable, "-m", "isl.web.decoder", str(path), "face" if self.face else "body"]
            process = await anyio.open_process(command, stdin=subprocess.DEVNULL)
            try:
                with anyio.move_on_after(ANSWER_WITHIN) as limit:
                    async for message in self._interpret(process, name):
                        yield message
                if limit.cancelled_caught:
                    yield {"type": "error", "reason": "it takes too long; cut it into parts"}
            finally:
                with suppress(ProcessLookupError):
                    process.kill()
                with anyio.CancelScope(shield=True):
                    await process.aclose()

    async def _interpret(self, process: anyio.abc.Process, name: str) -> AsyncIterator[Message]:
        assert process.stdout is not None and process.stderr is not None
        interpreter = await to_thread.run_sync(self.interpreter)
        frames = BufferedByteReceiveStream(process.stdout)
        errors = bytearray()
        clip: list[Floats] = []
        events: list[Event] = []
        shown, size = 0.0, (1, 1)

        async def drain() -> None:
            assert process.stderr is not None
            async for part in process.stderr:
                errors[:] = (errors + part)[-4000:]

        async with anyio.create_task_group() as group:
            group.start_soon(drain)
            with suppress(anyio.IncompleteRead):
                while True:
                    frame = read_frame(await frames.receive_exactly(FRAME_BYTES))
                    assert frame.landmarks is not None
                    size = frame.size
                    if frame.time <= ONE_SIGN and len(clip) < MOST_OF_ONE_SIGN:
                        clip.append(frame.landmarks)
                    if await to_thread.run_sync(interpreter.feed, frame.time, frame.landmarks, frame.size):
                        await to_thread.run_sync(interpreter.write_sentence, True)
                    for event in _take_new(interpreter, events):
                        yield _describe(event)
                    if frame.time - shown >= 0.5:
                        shown = frame.time
                        yield {"type": "progress", "time": frame.time}
        if await process.wait() != 0:
            yield {"type": "error", "reason": _reason(errors.decode("utf-8", "replace"))}
            return
        if await to_thread.run_sync(interpreter.finish):
            await to_thread.run_sync(interpreter.write_sentence, True)
        for event in _take_new(interpreter, events):
            yield _describe(event)
        whole: list[tuple[str, float]] = []
        if clip and interpreter.time <= ONE_SIGN:
            whole = await to_thread.run_sync(self.recognise, np.stack(clip), size[0] / size[1])
        stem = Path(name).stem or "video"
        files = {f"{stem}{suffix}": write(name, events) for suffix, write in written_here().items()}
        yield {"type": "done", "time": interpreter.time, "whole": whole, "files": files}


class FileAnswer(StreamingResponse):
    """Sends lines, and calls ``leave`` when they are sent or the sender has gone, even before the first line."""

    def __init__(self, lines: AsyncIterator[str], leave: Callable[[], None]) -> None:
        super().__init__(lines, media_type="application/x-ndjson")
        self.leave = leave

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self.leave()


async def _receive(request: Request, path: Path) -> str:
    """Store the body of the request at ``path``. Returns the reason if that fails, else ""."""
    received, start = 0, anyio.current_time()
    parts = request.stream()
    async with await anyio.open_file(path, "wb") as file:
        while True:
            due = start + min(UPLOAD_WITHIN, FIRST_WITHIN + received / SLOWEST)
            part = None
            try:
                with anyio.move_on_at(due):
                    part = await anext(parts, b"")
            except ClientDisconnect:
                return "it broke off"
            if part is None:
                return "it arrives too slowly"
            if not part:
                return ""
            received += len(part)
            if received > LARGEST:
                return f"larger than {LARGEST // 2**20} MB; cut it into parts"
            await file.write(part)


def _take_new(interpreter: Interpreter, events: list[Event]) -> list[Event]:
    """Moves the interpreter's events to the end of ``events``, and returns them."""
    new = [interpreter.events.popleft() for _ in range(len(interpreter.events))]
    events += new
    return new


def _describe(event: Event) -> Message:
    return {"type": "event", **json.loads(event.line())}


def _reason(errors: str) -> str:
    """Returns the decoder's error message; after a crash, which leaves no message, a general one."""
    lines = [line for line in errors.splitlines() if line.startswith("error: ")]
    return lines[-1].removeprefix("error: ") if lines else "it can't be read; convert it to mp4"


def _refusal(reason: str, status: int) -> Response:
    return JSONResponse({"type": "error", "reason": reason}, status)
