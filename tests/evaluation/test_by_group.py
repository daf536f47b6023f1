"""Scores of each signer: a mean that counts everybody once, and the worst tenth."""

from __future__ import annotations

import json

import numpy as np
import pytest
from support.answered import evaluation

from isl.evaluation import report
from isl.evaluation.by_group import by_group
from isl.evaluation.card import model_card
from isl.evaluation.scores import Evaluation

FACTS = {"protocol": "p", "seed": 0, "model": "m", "features": "f", "params": 1, "data": "d", "command": "c"}
FACTS |= {"seconds": 2.0, "words": ["w0", "w1"]}


def answered(rights: dict[str, list[int]]) -> Evaluation:
    """Returns predictions among two words: for each group, 1 for each clip that is right and 0 for one that is not."""
    groups = [group for group, right in rights.items() for _ in right]
    right = np.array([flag for flags in rights.values() for flag in flags])
    labels = np.arange(len(right)) % 2
    probabilities = np.eye(2, dtype=np.float32)[np.where(right, labels, 1 - labels)]
    return Evaluation(["w0", "w1"], [f"c{i}" for i in range(len(right))], labels, probabilities, groups=groups)


def test_everybody_counts_once_however_many_clips():
    found = by_group(answered({"anna": [1] * 90, "ben": [0, 1], "cleo": [0] * 4 + [1]}))
    assert found["count"] == 3 and found["mean"] == pytest.approx((1 + 0.5 + 0.2) / 3)
    assert [row["group"] for row in found["groups"]] == ["cleo", "ben", "anna"] and found["groups"][0]["n"] == 5
    assert found["worst_tenth"] == pytest.approx(0.2)


def test_the_worst_tenth_of_thirty_people_are_three():
    rights = {f"s{i}": [1] * i + [0] * (29 - i) for i in range(30)}
    assert by_group(answered(rights))["worst_tenth"] == pytest.approx((0 + 1 + 2) / 29 / 3)


def test_no_scores_without_groups_or_with_one():
    assert by_group(answered({"anna": [1, 0]})) == {} == by_group(evaluation())


def test_leaving_words_out_keeps_each_clip_with_its_signer():
    left = answered({"anna": [1, 1, 1], "ben": [0, 0]}).leaving_out(["w0"])
    assert left.groups == ["anna", "ben"] and len(left.labels) == 2


def test_report_and_card_show_people_where_they_are_known(tmp_path, pictures):
    ev = answered({"anna": [1] * 9, "ben": [0, 1]})
    result = report.summarise(ev, FACTS)
    report.write(tmp_path, result, ev)
    text = (tmp_path / "report.md").read_text()
    assert "| mean over groups | 75.0% |" in text and "ben (50% of 2)" in text and "](groups.png)" in text
    assert (tmp_path / "groups.png").stat().st_size > 1000 and "| worst tenth | 50.0% |" in model_card(result)
    unknown = report.summarise(evaluation(), FACTS)
    report.write(tmp_path / "b", unknown, evaluation())
    assert "groups" not in unknown and not (tmp_path / "b/groups.png").exists()


def test_another_folder_has_its_own_column_words_people_and_pictures(tmp_path, pictures):
    own, there = answered({"": [1] * 9 + [0]}), answered({"anna": [1, 1], "ben": [0, 1]})
    own.groups.clear()
    result = report.summarise(own, FACTS | {"test_root": "ward"}, elsewhere=there)
    report.write(tmp_path, result, own, elsewhere=there)
    headings, top1, *_ = report.headline(result)
    assert headings[1:] == ["all 2 words", "in ward"] and top1[1].startswith("90.0%") and top1[2] == "75.0%"
    text = (tmp_path / "report.md").read_text()
    assert "## Tested in ward" in text and {"elsewhere_groups.png", "elsewhere_confusion.png"} <= {
        path.name for path in tmp_path.iterdir()
    }
    assert len((tmp_path / "predictions.csv").read_text().splitlines()) == 1 + 10 + 4


def test_a_network_of_all_recordings_says_that_it_was_not_tested(tmp_path, pictures):
    result = report.summarise(None, FACTS)
    report.write(tmp_path, result, None)
    assert "Not tested" in (tmp_path / "report.md").read_text() and "Not tested" in model_card(result)
    assert json.loads((tmp_path / "report.json").read_text())["words"] == ["w0", "w1"]
    assert not list(tmp_path.glob("*.png"))
