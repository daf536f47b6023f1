"""Serves the WebSocket of one browser: frames in their order, requests in parallel, answers to both, and limits."""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Callable
from typing import TypeVar

import anyio
from anyio import CapacityLimiter, to_thread
from starlette.websockets import WebSocket, WebSocketDisconnect

from isl import console
from isl.live.watchdog import as_input_error
from isl.web.limits import Allowance
from isl.web.messages import LARGEST_MESSAGE, Frame, RefusedMessage, read_frame, read_request
from isl.web.shared_network import SharedNetwork
from isl.web.takes import Message
from isl.web.teaching import Teacher, TeachingProgress
from isl.web.visit import Visit

Result = TypeVar("Result")

WAITING = 64  # frames of landmarks in the queue; a sign needs all of them, and they are small
FRAMES = 70.0  # a second
REQUESTS = 20.0  # a second
LOOK = 0.5  # seconds between two looks at the progress of the teaching
SEND_WITHIN = 10.0  # seconds that a browser may take to read an answer
REFUSED, BROKEN = 1008, 1011  # close codes of RFC 6455


class Workers:
    """The number of threads for each kind of work, for all browsers together."""

    def __init__(self) -> None:
        self.landmarking = CapacityLimiter(2)
        self.recognition = CapacityLimiter(2)
        self.writing = CapacityLimiter(1)  # a language model writes one sentence at a time
        self.requests = CapacityLimiter(4)


class Socket:
    """Serves one browser until it leaves, sends a message that no page sends, or an error occurs.

    Args:
        network: the network of the site, which changes when it is taught.
        teacher: teaches it recorded words; None if that is not possible here.
    """

    def __init__(
        self, websocket: WebSocket, workers: Workers, network: SharedNetwork, teacher: Teacher | None = None
    ) -> None:
        self._websocket, self._workers = websocket, workers
        self._network, self._teacher = network, teacher
        self._version = network.version
        self._visit: Visit = network.visit()
        self._waiting: deque[Frame] = deque()
        self._came = anyio.Event()
        self._sending = anyio.Lock()
        self._frames = Allowance(FRAMES, 2 * FRAMES, "frames")
        self._requests = Allowance(REQUESTS, 2 * REQUESTS, "requests")
        self._saying = False

    async def serve(self) -> None:
        await self._websocket.accept()
        try:
            await self._send([self._network.greeting()])
            if self._visit.takes is not None:
                await self._send([await _in_thread(self._visit.takes.folder_message, self._workers.requests)])
            async with anyio.create_task_group() as group:
                self._group = group
                group.start_soon(self._work)
                if self._teacher is not None:
                    group.start_soon(self._watch, self._teacher)
                await self._receive()
                group.cancel_scope.cancel()
        except BaseException as error:
            await self._explain(error)
        finally:
            with anyio.CancelScope(shield=True):
                await to_thread.run_sync(self._visit.close)

    async def _explain(self, error: BaseException) -> None:
        """Close the socket. The reason is sent to the browser only for a refused message."""
        causes = _causes(error)
        if any(isinstance(cause, WebSocketDisconnect) for cause in causes):
            return
        refused = next((cause for cause in causes if isinstance(cause, RefusedMessage)), None)
        if refused is None and not isinstance(causes[0], Exception):
            raise error  # the server is being stopped
        if refused is None:
            console.err.print(str(as_input_error("a page", causes[0])), style="red", soft_wrap=True)
        with anyio.CancelScope(shield=True), anyio.move_on_after(SEND_WITHIN):
            try:
                code = BROKEN if refused is None else REFUSED
                await self._websocket.close(code, str(refused)[:100] if refused else "")
            except (RuntimeError, WebSocketDisconnect):
                pass  # the socket is closed already

    async def _receive(self) -> None:
        while True:
            message = await self._websocket.receive()
            if message["type"] == "websocket.disconnect":
                raise WebSocketDisconnect(message.get("code", 1000))
            data, text = message.get("bytes"), message.get("text")
            if data is not None:
                if len(data) > LARGEST_MESSAGE:
                    raise RefusedMessage("a frame is too large")
                self._frames.take(time.monotonic())
                self._put(read_frame(data))
            elif text is not None:
                self._requests.take(time.monotonic())
                await self._carry_out(read_request(text))

    async def _carry_out(self, request: Message) -> None:
        if request["type"] == "teach":
            if self._teacher is None:
                raise RefusedMessage("this server can't be taught")
            self._teacher.start()
            return
        messages, wanted = await _in_thread(lambda: self._visit.request(request), self._workers.requests)
        await self._send(messages)
        if wanted:
            self._group.start_soon(self._say)

    async def _watch(self, teacher: Teacher) -> None:
        """Tell the page how far the teaching is, and change to the new network when it is loaded."""
        sent = TeachingProgress()
        while True:
            if self._network.version != self._version:
                self._version = self._network.version
                self._visit.adopt(self._network.visit().stream)
                await self._send([self._network.greeting()])
            if teacher.progress != sent:
                sent = teacher.progress
                await self._send([sent.message()])
            await anyio.sleep(LOOK)

    def _put(self, frame: Frame) -> None:
        """Put a frame into the queue. A picture replaces a waiting picture, which is stale then."""
        if frame.jpeg is not None and self._waiting and self._waiting[-1].jpeg is not None:
            self._waiting.pop()
        if len(self._waiting) >= WAITING:
            self._waiting.popleft()
        self._waiting.append(frame)
        self._came.set()

    async def _work(self) -> None:
        """Recognise the frames of the queue in their order."""
        while True:
            await self._came.wait()
            self._came = anyio.Event()
            while self._waiting:
                frame = self._waiting.popleft()
                landmarks = frame.landmarks
                if landmarks is None:
                    landmarks = await _in_thread(
                        lambda: self._visit.landmarks(frame),  # noqa: B023, it is awaited
                        self._workers.landmarking,
                    )
                messages, due = await _in_thread(
                    lambda: self._visit.feed(frame, landmarks),  # noqa: B023
                    self._workers.recognition,
                )
                await self._send(messages)
                if due:
                    self._group.start_soon(self._say)

    async def _say(self) -> None:
        """Write the sentence in a thread, while the recognition continues."""
        if self._saying:
            return
        self._saying = True
        try:
            await self._send(await _in_thread(self._visit.say, self._workers.writing))
        finally:
            self._saying = False

    async def _send(self, messages: list[Message]) -> None:
        async with self._sending:
            for message in messages:
                with anyio.fail_after(SEND_WITHIN):
                    await self._websocket.send_text(json.dumps(message, ensure_ascii=False))


async def _in_thread(work: Callable[[], Result], limiter: CapacityLimiter) -> Result:
    return await to_thread.run_sync(work, limiter=limiter)


def _causes(error: BaseException) -> list[BaseException]:
    """Returns the errors in an exception group, or the error itself."""
    inside = getattr(error, "exceptions", None)
    return [cause for one in inside for cause in _causes(one)] if inside else [error]
