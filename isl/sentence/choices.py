"""Enumerates all texts that a function can write. The function calls ``Choices`` where English has several options."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")


class Choices:
    """Returns one option at each call. ``picks`` holds the index of the option for each call; the default is 0."""

    def __init__(self, picks: Sequence[int] = ()) -> None:
        self.picks, self.counts = list(picks), list[int]()  # counts: the number of options at each call

    def __call__(self, *options: T) -> T:
        self.counts.append(len(options))
        at = len(self.counts) - 1
        return options[self.picks[at] if at < len(self.picks) else 0]


def enumerate_texts(write: Callable[[Choices], str], most: int) -> Iterator[str]:
    """Yields at most ``most`` different texts of ``write``. Texts with the fewest changed choices come first.

    ``write`` is run to find further choices. Every run changes one choice after the last changed one, so that no
    combination is run twice.
    """
    seen: set[str] = set()
    waiting: list[tuple[int, ...]] = [()]
    for picks in waiting:
        choices = Choices(picks)
        text = write(choices)
        if text not in seen:
            seen.add(text)
            yield text
        if len(seen) >= most or len(waiting) > 20 * most:
            return
        for at in range(len(picks), len(choices.counts)):
            padded = (*picks, *[0] * (at - len(picks)))
            waiting += [(*padded, pick) for pick in range(1, choices.counts[at])]
