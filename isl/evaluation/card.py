"""The model card: one page beside a checkpoint on its network, its training data and its scores."""

from __future__ import annotations

from typing import Any

from isl.evaluation.report import FEW_WORDS, UNTESTED, headline, markdown_table


def model_card(report: dict[str, Any]) -> str:
    """Returns a model card (Mitchell et al. 2019) in Markdown from the content of ``report.json``."""
    missed = (row for row in report["per_word"] if row["support"] and row["f1"] < 1)
    weakest = sorted(missed, key=lambda row: row["f1"])[:5]
    weak = ", ".join(f"{row['word']} ({row['f1']:.2f})" for row in weakest)
    weak = f"\nWeakest words, by F1: {weak}.\n" if weak and len(report["words"]) > FEW_WORDS else ""
    figures = "\n".join(markdown_table(headline(report))) if "test" in report else UNTESTED
    beware = "".join(f"Beware: {warning}.\n\n" for warning in report.get("warnings", []))
    versions = ", ".join(f"{name} {number}" for name, number in report["versions"].items())
    kind = "generated signs, which no person makes," if report.get("generated") else "signs"
    reject = f"{report['rejection']['threshold']:.2f}"
    data = report["data"].replace("SyntheticClips", "generated signs")
    data = data.partition("Clips ")[2] or data  # without the class that read them
    start = f"| adapted from | {report['adapted_from']} |\n" if "adapted_from" in report else ""
    return f"""# Model card

A recogniser of {len(report["words"])} {kind} from MediaPipe Holistic landmarks.

| | |
|---|---|
| network | `{report["model"]}`, {report["params"]:,} parameters |
| features | `{report["features"]}` |
{start}| trained on | {data} |
| protocol | {report["protocol"]} |
| seed | {report["seed"]} |
| window | {report["seconds"]:.2f} s, resampled to 60 frames |
| made with | {versions} |

    {report["command"]}

## How well it does

{beware}{figures}
{weak}
## What to know before using it

- It knows these words and no others: {", ".join(report["words"])}.
- Whatever is signed, it names the likeliest of these. With less confidence than {reject} it calls the sign
  unknown; that holds back some signs of other words, and some of its own, and lets the others pass.
- The figures hold for people, rooms and cameras like those of the test clips. The protocol above says whether the
  test signers were also in training; if they were, expect less for a new person.
- It names isolated signs. It is no interpreter, and must not stand between a patient and a decision.
- Landmarks come from MediaPipe 0.10.21's Holistic at model complexity 1; other versions give other numbers.
"""
