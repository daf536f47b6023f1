from __future__ import annotations

import math

import pytest

from isl.config.app import stop
from isl.config.options import choice, number, positive, switch, whole
from isl.errors import InputError


@pytest.mark.parametrize("value", [-1, 0.5, True, "2", None])
def test_a_value_that_is_not_a_whole_number_is_refused(value):
    with pytest.raises(InputError, match=f"workers={value}: give a whole number, 0 or more, or all"):
        whole(value, "workers", otherwise=", or all")


@pytest.mark.parametrize("value", [0, -1.5, math.nan, math.inf, True, "2", None])
def test_a_value_that_is_not_above_zero_is_refused(value):
    with pytest.raises(InputError, match=f"seconds={value}: give a number above 0"):
        positive(value, "seconds")


@pytest.mark.parametrize("value", [-0.1, 1.1, math.nan, True, "2"])
def test_a_value_outside_zero_to_one_is_refused(value):
    with pytest.raises(InputError, match=f"p={value}: give a number, from 0 to 1"):
        number(value, "p", most=1.0)


@pytest.mark.parametrize("value", ["maybe", 1, None])
def test_a_value_that_is_neither_true_nor_false_is_refused(value):
    with pytest.raises(InputError, match=f"face={value}: choose true or false"):
        switch(value, "face")


@pytest.mark.parametrize("value", ["d", None, 1, ["a"]])
def test_a_value_outside_the_list_is_refused(value):
    with pytest.raises(InputError, match=r"kind=.*: choose a, b or c"):
        choice(value, "kind", ("a", "b", "c"))


def test_a_valid_value_is_returned():
    assert (whole(0, "n"), number(1, "n"), positive(0.5, "n"), switch(False, "b")) == (0, 1, 0.5, False)
    assert choice("b", "kind", ("a", "b")) == "b"


def test_a_line_end_in_a_value_does_not_break_the_message():
    with pytest.raises(InputError) as caught:
        whole("a\nb", "seed")
    assert "\n" not in str(caught.value)


def test_control_characters_of_a_file_s_name_do_not_reach_the_terminal(capsys):
    with pytest.raises(SystemExit):
        stop("\x1b]0;owned\x07clip\udcff.mp4: no such file; क\u200d्ष")
    assert capsys.readouterr().err == "error: ?]0;owned?clip?.mp4: no such file; क\u200d्ष\n"
