"""Summary of an extraction, as tables for the screen."""

from __future__ import annotations

from rich.console import Group
from rich.table import Table
from rich.text import Text

from isl.extract.extraction import Extraction
from isl.extract.ledger import FAILED, Key, Row

WORST = 10


def summary(extraction: Extraction) -> Group:
    """Returns words, clips, seconds of video and hands found over all clips of the run, and its ten worst clips."""
    rows = {key: note.row for key, note in extraction.notes.items() if note.row is not None}
    remarked = sum(note.failure is not None for note in extraction.notes.values()) - len(extraction.failed)
    table = Table(title="Extracted", title_justify="left", show_header=False)
    table.add_row("words", f"{len({word for word, _ in rows})}")
    table.add_row("clips", f"{len(rows)} ({extraction.extracted} now)")
    table.add_row("video", f"{sum(float(row['seconds']) for row in rows.values()):,.1f} s")
    if rows:
        for part in ("left_hand", "right_hand"):
            fraction = sum(float(row[part]) for row in rows.values()) / len(rows)
            table.add_row(part.replace("_", " "), f"in {fraction:.0%} of the frames")
    if remarked:
        table.add_row("with a remark", f"{remarked} (in {FAILED}, clip_written yes)")
    if extraction.failed:
        count = Text.assemble((str(len(extraction.failed)), "red"), f" (in {FAILED}, clip_written no)")
        table.add_row("failed", count)
    return Group(table, worst(rows)) if rows else Group(table)


def worst(rows: dict[Key, Row]) -> Table:
    """Returns a table of the clips with the fewest hands found; a sign without a visible hand can't be recognised."""
    table = Table(title="Where the least was found", title_justify="left")
    for column in ("clip", "better hand", "other hand", "pose", "face"):
        table.add_column(column, justify="left" if column == "clip" else "right")
    hands = {key: sorted((float(row["left_hand"]), float(row["right_hand"]))) for key, row in rows.items()}
    for key in sorted(rows, key=lambda key: (hands[key][1], hands[key][0], float(rows[key]["pose"]), key))[:WORST]:
        other, better = hands[key]
        numbers = (better, other, float(rows[key]["pose"]), float(rows[key]["face"]))
        table.add_row(Text("/".join(key)), *(f"{number:.0%}" for number in numbers))
    return table
