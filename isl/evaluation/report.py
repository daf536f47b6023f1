"""Reports of an evaluation: scores and figures as files for readers and for programs."""

from __future__ import annotations

import json
import math
import platform
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.table import Table

from isl.evaluation import figures
from isl.evaluation.by_group import by_group, group_lines
from isl.evaluation.refusal import refusal_lines
from isl.evaluation.scores import Evaluation, per_word, rejection, scores
from isl.files import csv_text, replacing, write_text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FEW_WORDS = 5  # up to this many words, top-5 is always right
FEW_CLIPS = 10  # below this, an interval spans half of the scale, or nothing

PICTURES = {  # by file name: the title and the function that draws it
    "confusion": ("confusion matrix", figures.confusion_figure),
    "reliability": ("share of right answers by confidence", figures.reliability_figure),
    "risk_coverage": ("error rate of the most confident answers", figures.risk_coverage_figure),
}
OF_GROUPS = {"groups": ("right answers of each signer or session, a dot each", figures.groups_figure)}
GENERATED = "these are generated signs, which no person makes; the scores say nothing about recordings."
UNTESTED = "Not tested: every recording was trained on. data.test_root= tests it on a folder of other people's clips."


def summarise(
    evaluation: Evaluation | None,
    about: dict[str, Any],
    unknown: Evaluation | None = None,
    elsewhere: Evaluation | None = None,
) -> dict[str, Any]:
    """Returns the content of ``report.json``: scores, figures of each word, the confusion matrix, and ``about``.

    Args:
        evaluation: the predictions to report; None if nothing was tested. The report then has no scores.
        about: further entries of the report, at least ``protocol``; without an evaluation ``words`` too. ``unstable``
            lists words that are not the same movement in all groups: the report then has the scores ``test_stable``
            beside ``test``, of the same predictions, among all words, on the clips of the other words. ``reject`` is
            the confidence below which a sign is unknown.
        unknown: the predictions on clips of words that were left out of training, if any. These words come after the
            known ones and have no probabilities.
        elsewhere: the predictions on another folder's clips, if there are any; ``about`` has its ``test_root``.
    """
    if evaluation is None:
        return {"rejection": {"threshold": about.get("reject", 0.0)}, "per_word": [], **about, "versions": versions()}
    reject, strange = about.get("reject", 0.0), None if unknown is None else unknown.confidence
    report: dict[str, Any] = {"test": scores(evaluation), "rejection": rejection(evaluation, reject, strange)}
    if groups := by_group(evaluation):
        report["groups"] = groups
    if unstable := about.get("unstable"):
        stable = evaluation.leaving_out(unstable)
        if len(stable.labels):
            report |= {"test_stable": scores(stable), "rejection_stable": rejection(stable, reject, strange)}
    if elsewhere is not None:
        report["elsewhere"] = {
            "test": scores(elsewhere),
            "rejection": rejection(elsewhere, reject),
            "groups": by_group(elsewhere),
            "per_word": per_word(elsewhere),
        }
    return report | {
        **about,
        "words": evaluation.words,
        "per_word": per_word(evaluation),
        "confusion": evaluation.confusion().tolist(),
        "versions": versions(),
    }


def write(folder: Path, report: dict[str, Any], evaluation: Evaluation | None, **others: Evaluation | None) -> None:
    """Write all files of a report into ``folder``, see ``write_pages``; ``report.json`` is the last one."""
    write_pages(folder, report, evaluation, **others)
    write_json(folder, report)


def write_pages(
    folder: Path,
    report: dict[str, Any],
    evaluation: Evaluation | None,
    unknown: Evaluation | None = None,
    elsewhere: Evaluation | None = None,
) -> None:
    """Write ``report.md``, ``predictions.csv`` and the pictures into ``folder``.

    Args:
        folder: the run directory; created if absent.
        report: the result of ``summarise`` for the same predictions.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    write_text(folder / "report.md", _markdown(report))
    written = [each for each in (evaluation, unknown, elsewhere) if each is not None]
    if written:
        _write_predictions(folder / "predictions.csv", written, report["rejection"]["threshold"])
    for name, _, draw, of in list_pictures(report):
        drawn = elsewhere if of == "elsewhere" else evaluation
        assert drawn is not None
        with replacing(folder / f"{name}.png") as unfinished:
            FigureCanvasAgg(draw(drawn)).print_png(unfinished)  # ``savefig`` would compute the layout twice


def write_json(folder: Path, report: dict[str, Any]) -> None:
    """Write ``report.json``. Numbers that are not finite become null, since JSON has no such numbers."""
    text = json.dumps(replace_nonfinite(report), indent=2, ensure_ascii=False, allow_nan=False)
    write_text(folder / "report.json", f"{text}\n")


def list_pictures(report: dict[str, Any]) -> list[tuple[str, str, Callable[[Evaluation], Figure], str]]:
    """Returns the file name, title and function of each picture of a report, and the predictions that it shows."""
    pictures: list[tuple[str, str, Callable[[Evaluation], Figure], str]] = []
    if "test" in report:
        shown = {**PICTURES, **(OF_GROUPS if "groups" in report else {})}
        pictures += [(name, title, draw, "test") for name, (title, draw) in shown.items()]
    if "elsewhere" in report:
        shown = {"confusion": PICTURES["confusion"], **(OF_GROUPS if report["elsewhere"]["groups"] else {})}
        place = Path(report["test_root"]).name
        pictures += [(f"elsewhere_{n}", f"{place}: {title}", draw, "elsewhere") for n, (title, draw) in shown.items()]
    return pictures


def replace_nonfinite(tree: Any) -> Any:
    """Returns the same dicts, lists and values, with None for every number that is not finite."""
    if isinstance(tree, dict):
        return {key: replace_nonfinite(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [replace_nonfinite(value) for value in tree]
    return None if isinstance(tree, float) and not math.isfinite(tree) else tree


def versions() -> dict[str, str]:
    """Returns the versions of Python and of the packages that the figures depend on."""
    from importlib.metadata import version

    names = ("isl", "torch", "lightning", "numpy", "mediapipe")
    return {"python": platform.python_version(), **{name: version(name) for name in names}}


def headline(report: dict[str, Any]) -> list[list[str]]:
    """Returns the scores as rows of text, the headings first: the name, then each score with its interval.

    Another folder's scores are the last column. Without a test there are no rows.
    """
    if "test" not in report:
        return []
    columns = [{**report, "heading": f"all {len(report['words'])} words"}]
    if "test_stable" in report:
        heading = f"without {', '.join(report['unstable'])}"
        columns.append({"heading": heading, "test": report["test_stable"], "rejection": report["rejection_stable"]})
    if elsewhere := report.get("elsewhere"):
        columns.append({**elsewhere, "heading": f"in {Path(report['test_root']).name}"})
    for column in columns:
        if "auroc" in column["rejection"]:
            column["separation"] = column["rejection"]
    rows = [
        [title, *(written(column[part]) if column.get(part) else "" for column in columns)]
        for title, part, written in ROWS
        if title != "top-5" or len(report["words"]) > FEW_WORDS
    ]
    interval = " (95 % interval)" if any(column["test"]["n"] >= FEW_CLIPS for column in columns) else ""
    return [[f"test{interval}", *(column["heading"] for column in columns)], *(row for row in rows if any(row[1:]))]


def headline_table(report: dict[str, Any]) -> Table:
    """Returns the rows of ``headline`` as a table for the screen."""
    headings, *rows = headline(report)
    table = Table(*headings)
    for row in rows:
        table.add_row(*row)
    return table


def _with_interval(scores: dict[str, Any], name: str) -> str:
    """Formats a score with its interval; without it if there are too few clips for a useful interval."""
    low, high = scores[f"{name}_ci95"]
    return f"{scores[name]:.1%}" + (f" ({low:.1%} to {high:.1%})" if scores["n"] >= FEW_CLIPS and low < high else "")


ROWS: list[tuple[str, str, Callable[[dict[str, Any]], str]]] = [  # of the headline: title, part of a report, its text
    ("top-1", "test", lambda part: _with_interval(part, "top1")),
    ("top-5", "test", lambda part: _with_interval(part, "top5")),
    ("macro-F1", "test", lambda part: _with_interval(part, "macro_f1")),
    ("calibration error", "test", lambda part: f"{part['ece']:.3f}"),
    ("risk-coverage area", "test", lambda part: f"{part['aurc']:.4f}"),
    ("accepted, and right", "rejection", lambda part: f"{part['accepted']:.1%}, {part['top1_of_accepted']:.1%}"),
    ("left-out accepted", "separation", lambda part: f"{part['accepted_unknown']:.1%}"),
    ("left-out AUROC", "separation", lambda part: f"{part['auroc']:.3f}"),
    ("left-out at 95 %", "separation", lambda part: f"{part['false_accepts']:.1%}"),
    ("groups", "groups", lambda part: str(part["count"])),
    ("mean over groups", "groups", lambda part: f"{part['mean']:.1%}"),
    ("worst tenth", "groups", lambda part: f"{part['worst_tenth']:.1%}"),
    ("clips", "test", lambda part: str(part["n"])),
]


def markdown_table(rows: list[list[str]]) -> list[str]:
    """Returns the lines of a Markdown table. The first row is its heading; cells may hold "|" and line ends."""
    cells = ([" ".join(cell.split()).replace("|", "\\|") for cell in row] for row in rows)
    first, *others = (f"| {' | '.join(row)} |" for row in cells)
    return [first, "|---" * len(rows[0]) + "|", *others]


def _markdown(report: dict[str, Any]) -> str:
    lines = ["# Report", "", f"Protocol: {report.get('protocol', 'unknown')}", ""]
    if report.get("generated"):
        lines += [f"Beware: {GENERATED}", ""]
    for warning in report.get("warnings", []):
        lines += [f"Beware: {warning}.", ""]
    lines += [line for assumption in report.get("assumed", []) for line in (f"Assumed: {assumption}.", "")]
    if "command" in report:
        lines += [f"    {report['command']}", ""]
    lines += markdown_table(headline(report)) if "test" in report else [UNTESTED]
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
    if report["per_word"]:
        lines += ["", *_word_table(report["per_word"]), ""]
    if "groups" in report:
        lines += [*group_lines(report["groups"]), ""]
    if elsewhere := report.get("elsewhere"):
        lines += [f"## Tested in {Path(report['test_root']).name}", ""]
        lines += ["Clips of another folder, which was neither trained nor chosen on. Words are matched by name.", ""]
        lines += _word_table([row for row in elsewhere["per_word"] if row["support"]])
        if elsewhere["groups"]:
            lines += ["", *group_lines(elsewhere["groups"])]
        if elsewhere.get("background"):
            lines += ["", *refusal_lines(elsewhere["background"])]
        lines += [""]
    for name, title, _, _ in list_pictures(report):
        lines += [f"![{title}]({name}.png)", ""]
    return "\n".join(lines)


def _word_table(rows: list[dict[str, Any]]) -> list[str]:
    table = [["word", "precision", "recall", "F1", "clips"]]
    for row in rows:
        values = [f"{row[name]:.3f}" for name in ("precision", "recall", "f1")]
        table.append([row["word"], *values, str(row["support"])])
    return markdown_table(table)


def _write_predictions(path: Path, evaluations: list[Evaluation], reject: float) -> None:
    rows = []
    for ev in evaluations:
        for name, label, guess, sure in zip(ev.names, ev.labels, ev.predicted, ev.confidence, strict=True):
            rows.append([name, ev.words[label], ev.words[guess], f"{sure:.4f}", "yes" if sure >= reject else "no"])
    write_text(path, csv_text(["clip", "word", "recognised", "confidence", "accepted"], rows))
