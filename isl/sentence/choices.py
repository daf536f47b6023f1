"""Enumerates everything that a function may write: it asks at each point where English leaves a choice."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")


class Choices:
    """Answers each question with the option that ``picks`` names, by default the first."""

    def __init__(self, picks: Sequence[int] = ()) -> None:
        self.picks = list(picks)
        self.counts: list[int] = []  # how many options each question had

    def __call__(self, *options: T) -> T:
        at = len(self.counts)
        self.counts.append(len(options))
        return options[self.picks[at] if at < len(self.picks) else 0]


def enumerate_texts(write: Callable[[Choices], str], most: int) -> Iterator[str]:
    """Different texts of ``write``, at most so many, those with the fewest other choices first.

    A choice may open further ones, so they are found by running ``write``. Every run changes one choice behind the
    last changed one, so that none is written twice.
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
