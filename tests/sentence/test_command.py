"""The command for glosses to a sentence."""

from __future__ import annotations

import subprocess
import sys

import pytest

from isl.sentence.__main__ import main


def test_glosses_become_a_sentence(capsys):
    assert main(["Mother, sick, Hospital"]) == 0
    assert capsys.readouterr() == ("My mother is sick and needs the hospital.\n", "")


def test_glosses_may_be_several_arguments(capsys):
    assert main(["Mother,", "sick"]) == 0
    assert capsys.readouterr().out == "My mother is sick.\n"


def test_all_variants_are_printed_one_a_line(capsys):
    assert main(["Mother, Hospital", "--variants"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(set(lines)) > 2 and lines[0] == "My mother needs the hospital."


def test_in_doubt_the_reason_is_printed_beside_the_glosses(capsys):
    assert main(["Doctor, Fever"]) == 0
    out, err = capsys.readouterr()
    assert out == "Doctor; Fever\n" and "not signed" in err


def test_context_and_own_words(capsys, tmp_path):
    file = tmp_path / "own.yaml"
    file.write_text("Ravi: {class: person_he, article: my}")
    assert main(["Ravi, sick", "--words", str(file), "--context", "headache,dry mouth"]) == 0
    assert capsys.readouterr().out.endswith("is sick and has a headache and a dry mouth.\n")


@pytest.mark.parametrize("arguments", [[], ["Mother", "--words", "none.yaml"], ["glosses=Mother", "sick"]])
def test_wrong_input_is_one_line(capsys, arguments):
    assert main(arguments) == 2
    err = capsys.readouterr().err
    assert err.startswith("error: ") and err.count("\n") == 1


@pytest.mark.slow
def test_the_module_runs():
    result = subprocess.run([sys.executable, "-m", "isl.sentence", "Mother, sick"], capture_output=True, text=True)
    assert (result.stdout, result.returncode) == ("My mother is sick.\n", 0)
