"""Closes connections on which no complete request arrives, so that slow senders can't hold all of them."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.auto import AutoHTTPProtocol

REQUEST_WITHIN = 20.0  # seconds in which the head of a request must arrive


class PunctualProtocol(AutoHTTPProtocol):  # type: ignore[misc, valid-type]
    """uvicorn's protocol of HTTP, which itself waits without a limit. WebSockets have another protocol."""

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._look_again(transport, served=None)

    def _look_again(self, transport: Any, served: Any) -> None:
        loop = asyncio.get_running_loop()
        loop.call_later(REQUEST_WITHIN, self._check, transport, served)

    def _check(self, transport: Any, served: Any) -> None:
        """Close the connection if no request has begun since the last look and none is being answered."""
        if transport.is_closing() or transport.get_protocol() is not self:
            return
        answering = self.cycle is not None and not self.cycle.response_complete
        if self.cycle is served and not answering:
            transport.close()
        else:
            self._look_again(transport, self.cycle)
