"""The skeleton of body and hands: the parent of each point, and its columns in a network's inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from isl.landmarks import HANGS_FROM, Part, Point

View = Mapping[Point, Sequence[int]]  # the columns of each point, x before y; the same number for every point of a view


def consecutive(points: Sequence[Point], start: int, dims: int = 2) -> dict[Point, range]:
    """Returns a view with its points one after another from column ``start`` on, each with ``dims`` numbers."""
    return {point: range(start + i * dims, start + (i + 1) * dims) for i, point in enumerate(points)}


def points_of(part: Part, which: Sequence[int] | None = None) -> list[Point]:
    """Returns the points of a part: all, or those with the indices ``which``."""
    return [(part, i) for i in (range(part.points) if which is None else which)]


@dataclass(frozen=True)
class Skeleton:
    """The points of body and hands in a feature set, joined to a tree.

    Attributes:
        points: the points.
        columns: ``(points, channels)``, the columns of each point in ``x (B, T, inputs)``; -1 for a missing channel.
        parents: the parent of each point, as an index into ``points``; a root is its own parent.
        parts: the part of the body of each point, numbered from 0.
    """

    points: tuple[Point, ...]
    columns: tuple[tuple[int, ...], ...]
    parents: tuple[int, ...]
    parts: tuple[int, ...]

    @classmethod
    def of(cls, views: Sequence[View]) -> Skeleton:
        """Returns the skeleton of all points in ``views``. Each view (position, motion, ...) adds channels.

        If the parent of a point is not among the points, its nearest ancestor takes the parent's place.
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
