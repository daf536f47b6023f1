"""Running a live session in tests: whatever happens in it, the test comes to an end."""

from __future__ import annotations

import threading

from isl.live.session import Session

THREADS = ("capture", "landmarking", "recognition", "sentence")  # of a session


def run(session: Session, within: float = 60.0) -> None:
    """``session.run()``, with what it raises; fails where that does not end. The bound is for the slowest machine."""
    raised: list[BaseException] = []

    def work() -> None:
        try:
            session.run()
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(within)
    assert not thread.is_alive(), f"the session hangs: it has not ended in {within:g} s"
    if raised:
        raise raised[0]


def left() -> list[threading.Thread]:
    """Threads of any session that are still at work."""
    return [thread for thread in threading.enumerate() if thread.name in THREADS]
