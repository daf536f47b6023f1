"""Reports of an evaluation: scores and figures as files for readers and for programs."""

from __future__ import annotations

import json
import math
import platform
from pathlib import Path
from typing import Any

from isl.evaluation import figures
from isl.evaluation.refusal import refusal_lines
from isl.evaluation.scores import Evaluation, per_word, rejection, scores
from isl.files import csv_text, replacing, write_text

FEW_WORDS = 5  # up to this many words, top-5 is always right
FEW_CLIPS = 10  # below this, an interval spans half of the scale, or nothing

PICTURES = {  # by file name: the title and the function that draws it
    "confusion": ("confusion matrix", figures.confusion_figure),
    "reliability": ("how often answers were right, by how sure they were", figures.reliability_figure),
    "risk_coverage": ("errors among the surest answers", figures.risk_coverage_figure),
}


def summarise(evaluation: Evaluation, about: dict[str, Any], unknown: Evaluation | None = None) -> dict[str, Any]:
    """Returns the content of ``report.json``: scores, figures of each word, the confusion matrix, and ``about``.

    Args:
        evaluation: the predictions to report.
        about: further entries of the report, at least ``protocol``. ``unstable`` lists words that are not the same
            movement in all groups: the report then has the scores ``test_stable`` beside ``test``, of the same
            predictions, among all words, on the clips of the other words. ``reject`` is the confidence below which a
            sign is unknown.
        unknown: the predictions on clips of words that were left out of training, if any. These words come after the
            known ones and have no probabilities.
    """
    reject, strange = about.get("reject", 0.0), None if unknown is None else unknown.confidence
    report: dict[str, Any] = {"test": scores(evaluation), "rejection": rejection(evaluation, reject, strange)}
    if unstable := about.get("unstable"):
        stable = evaluation.leaving_out(unstable)
        if len(stable.labels):
            report |= {"test_stable": scores(stable), "rejection_stable": rejection(stable, reject, strange)}
    return report | {
        **about,
        "words": evaluation.words,
        "per_word": per_word(evaluation),
        "confusion": evaluation.confusion().tolist(),
        "versions": versions(),
    }


def write(folder: Path, report: dict[str, Any], evaluation: Evaluation, unknown: Evaluation | None = None) -> None:
    """Write ``report.md``, ``predictions.csv``, the pictures and, at the end, ``report.json`` into ``folder``.

    Numbers that are not finite become null, since JSON has no such numbers.

    Args:
        folder: the run directory; created if absent.
        report: the result of ``summarise`` for ``evaluation`` and ``unknown``.
    """
    write_text(folder / "report.md", _markdown(report))
    reject = report["rejection"]["threshold"]
    _write_predictions(folder / "predictions.csv", [evaluation, *([unknown] if unknown else [])], reject)
    for name, (_, draw) in PICTURES.items():
        with replacing(folder / f"{name}.png") as unfinished:
            draw(evaluation).savefig(unfinished)
    text = json.dumps(finite(report), indent=2, ensure_ascii=False, allow_nan=False)
    write_text(folder / "report.json", f"{text}\n")


def finite(tree: Any) -> Any:
    """Returns the same dicts, lists and values, with None for every number that is not finite."""
    if isinstance(tree, dict):
        return {key: finite(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [finite(value) for value in tree]
    return None if isinstance(tree, float) and not math.isfinite(tree) else tree


def versions() -> dict[str, str]:
    """Returns the versions of Python and of the packages that the figures depend on."""
    from importlib.metadata import version

    names = ("isl", "torch", "lightning", "numpy", "mediapipe")
    return {"python": platform.python_version(), **{name: version(name) for name in names}}


def headline(report: dict[str, Any]) -> list[list[str]]:
    """Returns the scores as rows of text, the headings first: the name, then each score with its interval."""
    headings = [f"all {len(report['words'])} words"]
    of, rejections = [report["test"]], [report["rejection"]]
    if "test_stable" in report:
        headings.append(f"without {', '.join(report['unstable'])}")
        of.append(report["test_stable"])
        rejections.append(report["rejection_stable"])

    def row(title: str, name: str) -> list[str]:
        return [title, *(_with_interval(s, name) for s in of)]

    return [
        ["test (95 % interval)", *headings],
        row("top-1", "top1"),
        *([row("top-5", "top5")] if len(report["words"]) > FEW_WORDS else []),
        row("macro-F1", "macro_f1"),
        ["calibration error", *(f"{s['ece']:.3f}" for s in of)],
        ["risk-coverage area", *(f"{s['aurc']:.4f}" for s in of)],
        *_rejection_rows(rejections),
        ["clips", *(str(s["n"]) for s in of)],
    ]


def _with_interval(scores: dict[str, Any], name: str) -> str:
    """Formats a score with its interval; without it if there are too few clips for a useful interval."""
    low, high = scores[f"{name}_ci95"]
    return f"{scores[name]:.1%}" + (f" ({low:.1%} to {high:.1%})" if scores["n"] >= FEW_CLIPS and low < high else "")


def _rejection_rows(of: list[dict[str, Any]]) -> list[list[str]]:
    """Returns rows on the rejection of uncertain answers, and of words that were left out of training, if any."""
    rows = [["accepted, and right", *(f"{s['accepted']:.1%}, {s['top1_of_accepted']:.1%}" for s in of)]]
    if "auroc" in of[0]:
        rows += [
            ["left-out accepted", *(f"{s['accepted_unknown']:.1%}" for s in of)],
            ["left-out AUROC", *(f"{s['auroc']:.3f}" for s in of)],
            ["left-out at 95 %", *(f"{s['false_accepts']:.1%}" for s in of)],
        ]
    return rows


def markdown_table(rows: list[list[str]]) -> list[str]:
    """Returns the lines of a Markdown table. The first row is its heading; cells may hold "|" and line ends."""
    cells = ([" ".join(cell.split()).replace("|", "\\|") for cell in row] for row in rows)
    first, *others = (f"| {' | '.join(row)} |" for row in cells)
    return [first, "|---" * len(rows[0]) + "|", *others]


def _markdown(report: dict[str, Any]) -> str:
    lines = ["# Report", "", f"Protocol: {report.get('protocol', 'unknown')}", ""]
    for warning in report.get("warnings", []):
        lines += [f"Beware: {warning}.", ""]
    if "command" in report:
        lines += [f"    {report['command']}", ""]
    lines += markdown_table(headline(report))
    if "test_stable" in report:
        words = " and ".join(report["unstable"])
        lines += ["", f"{words}: not the same movement in all groups. They are trained on and can be recognised;"]
        lines += ["the last column leaves their test clips out, and nothing else."]
    lines += ["", f"Accepted: at least {report['rejection']['threshold']:.3f} sure; the rest is called unknown."]
    if "auroc" in report["rejection"]:
        lines += [f"Left out of training: {', '.join(report['left_out'])}. Of their clips: the share that is accepted;"]
        lines += ["the AUROC of the known words' clips against them; the share accepted where 95 % of the known are."]
    if report.get("background"):
        lines += ["", *refusal_lines(report["background"]), ""]
    table = [["word", "precision", "recall", "F1", "clips"]]
    for row in report["per_word"]:
        values = [f"{row[name]:.3f}" for name in ("precision", "recall", "f1")]
        table.append([row["word"], *values, str(row["support"])])
    lines += ["", *markdown_table(table), ""]
    for name, (title, _) in PICTURES.items():
        lines += [f"![{title}]({name}.png)", ""]
    return "\n".join(lines)


def _write_predictions(path: Path, evaluations: list[Evaluation], reject: float) -> None:
    rows = []
    for ev in evaluations:
        for i, name in enumerate(ev.names):
            guess, sure = ev.words[ev.predicted[i]], ev.confidence[i]
            rows.append([name, ev.words[ev.labels[i]], guess, f"{sure:.4f}", "yes" if sure >= reject else "no"])
    write_text(path, csv_text(["clip", "word", "recognised", "confidence", "accepted"], rows))
