"""Refusal of signs that are none of the words: the share accepted, by the share of right answers that are kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from isl.evaluation.confidence import Floats, auroc, threshold
from isl.evaluation.scores import Evaluation

SHARES = (0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 1.0)
MOST = 10  # length of the list of accepted signs


def refusal(evaluation: Evaluation, signs: Sequence[str], probabilities: Floats, reject: float) -> dict[str, Any]:
    """Compares the confidences of right answers and of signs that are none of the words.

    Args:
        evaluation: test clips of words.
        signs: the sign of each background clip, (M,). Neither these signs nor their signers were in training.
        probabilities: the answers to these clips, ``(M, words)``.
        reject: the confidence below which a sign is called unknown.

    Returns:
        ``auroc``; ``curve``: for shares of right answers that are kept, the share of other signs that are accepted;
        ``accepted`` at ``reject``; ``most_accepted``: the signs that are accepted most often, each with its most
        frequent answer.
    """
    right, others = evaluation.confidence[evaluation.right], probabilities.max(1)
    if not len(right) or not len(others):
        return {}
    passed = others >= reject
    rows: list[dict[str, Any]] = []
    for sign in sorted(set(signs)):
        own = np.array([other == sign for other in signs])
        words = probabilities[own & passed].argmax(1)
        taken = evaluation.words[int(np.bincount(words).argmax())] if len(words) else ""
        rows.append({"sign": sign, "clips": int(own.sum()), "accepted": int((own & passed).sum()), "for": taken})
    rows.sort(key=lambda row: (-row["accepted"] / row["clips"], row["sign"]))
    return {
        "clips": len(others),
        "signs": len(rows),
        "right": len(right),
        "auroc": auroc(right, others),
        "kept": float((right >= reject).mean()),
        "accepted": float(passed.mean()),
        "curve": [{"kept": keep, "accepted": float((others >= threshold(right, keep)).mean())} for keep in SHARES],
        "most_accepted": [row for row in rows if row["accepted"]][:MOST],
    }


def refusal_lines(result: dict[str, Any]) -> list[str]:
    """Returns the result of ``refusal`` as lines of Markdown."""
    lines = [
        "## Other signs",
        "",
        f"{result['clips']} clips of {result['signs']} signs that are none of the words; neither these signs nor their "
        f"signers were in training. Right answers are told from them with an AUROC of {result['auroc']:.3f}. At the "
        f"checkpoint's threshold {result['kept']:.0%} of right answers are kept and {result['accepted']:.0%} of other "
        "signs accepted; `accept.keep=` chooses another.",
        "",
        "| right answers kept | other signs accepted |",
        "|---|---|",
    ]
    lines += [f"| {row['kept']:.0%} | {row['accepted']:.1%} |" for row in result["curve"]]
    if result["most_accepted"]:
        signs = (
            f"{row['sign']} ({row['accepted']} of {row['clips']}, for {row['for']})" for row in result["most_accepted"]
        )
        lines += ["", f"Most often accepted: {'; '.join(signs)}."]
    return lines
