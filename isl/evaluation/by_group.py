"""Scores of each group of test clips: of each signer, session or room, where the data say who signed."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from isl.data.splits.groups import in_order
from isl.evaluation.scores import Evaluation

WORST = 0.1  # the part of the groups whose mean is reported beside the mean of all
LISTED = 5  # groups that a report lists


def by_group(evaluation: Evaluation) -> dict[str, Any]:
    """Returns the scores of the groups in an evaluation; {} if the groups are unknown or if there is only one.

    A mean over clips is dominated by the people who recorded most. A mean over groups counts each person once, and the
    mean of the worst tenth of the groups (at least one group) says what the least fortunate can expect.

    Returns:
        ``mean`` and ``worst_tenth`` of top-1 over groups, ``count``, and ``groups``: each with its name, number of
        clips ``n`` and ``top1``, the worst first.
    """
    names = sorted(set(evaluation.groups), key=in_order)
    if len(names) < 2:
        return {}
    group, right = np.array(evaluation.groups), evaluation.right
    rows = [(name, int((group == name).sum()), float(right[group == name].mean())) for name in names]
    rows.sort(key=lambda row: row[2])
    top1 = [row[2] for row in rows]
    return {
        "count": len(rows),
        "mean": float(np.mean(top1)),
        "worst_tenth": worst_tenth(top1),
        "groups": [{"group": name, "n": n, "top1": share} for name, n, share in rows],
    }


def worst_tenth(top1: list[float]) -> float:
    """Returns the mean of the worst tenth, at least one, of the groups' scores."""
    return float(np.mean(sorted(top1)[: math.ceil(WORST * len(top1))]))


def group_lines(groups: dict[str, Any]) -> list[str]:
    """Returns the result of ``by_group`` as lines of Markdown: the means, and the worst groups."""
    worst = [f"{row['group']} ({row['top1']:.0%} of {row['n']})" for row in groups["groups"][:LISTED]]
    return [
        f"By signer or session ({groups['count']} of them, each counted once): {groups['mean']:.1%} right on the mean, "
        f"{groups['worst_tenth']:.1%} of the worst tenth. Fewest right answers: {', '.join(worst)}."
    ]
