"""How the points of a body hang together, and in which of a network's inputs each of them stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from isl.landmarks import HANGS_FROM, Part, Point

View = Mapping[Point, Sequence[int]]  # for each point its columns, x before y; as many for every point of a view


def consecutive(points: Sequence[Point], start: int, dims: int = 2) -> dict[Point, range]:
    """A view whose points stand one after another from column ``start`` on, each with ``dims`` numbers."""
    return {point: range(start + i * dims, start + (i + 1) * dims) for i, point in enumerate(points)}


def points_of(part: Part, which: Sequence[int] | None = None) -> list[Point]:
    """The points of a part, all or ``which``."""
    return [(part, i) for i in (range(part.points) if which is None else which)]


@dataclass(frozen=True)
class Skeleton:
    """Points that hang together, in a feature set.

    Attributes:
        points: which they are.
        columns: ``(points, channels)``, where each stands in ``x (B, T, inputs)``; -1 where a point lacks a channel.
        parents: for each point the one that it hangs from, by its place in ``points``; a root's is itself.
        parts: for each point its part of the body, numbered from 0.
    """

    points: tuple[Point, ...]
    columns: tuple[tuple[int, ...], ...]
    parents: tuple[int, ...]
    parts: tuple[int, ...]

    @classmethod
    def of(cls, views: Sequence[View]) -> Skeleton:
        """The skeleton of all points in ``views``, each of which (position, motion, ...) gives them further channels.

        Where a point's neighbour is not among them, it hangs from the next one further in.
        """
        points = list(dict.fromkeys(point for view in views for point in view))
        place = {point: i for i, point in enumerate(points)}
        widths = [len(next(iter(view.values()))) for view in views]
        columns = [
            tuple(column for view, width in zip(views, widths, strict=True) for column in view.get(point, [-1] * width))
            for point in points
        ]
        parts = list(dict.fromkeys(part for part, _ in points))
        return cls(
            points=tuple(points),
            columns=tuple(columns),
            parents=tuple(place[_inward(point, place)] for point in points),
            parts=tuple(parts.index(part) for part, _ in points),
        )


def _inward(point: Point, place: Mapping[Point, int]) -> Point:
    above = HANGS_FROM.get(point)
    while above is not None and above not in place:
        above = HANGS_FROM.get(above)
    return point if above is None else above
