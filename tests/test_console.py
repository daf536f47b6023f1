"""Lines reach the screen as they were written."""

from __future__ import annotations

import pytest

from isl import console


@pytest.mark.parametrize("line", ["ffmpeg -i IN -map 0:v:1 OUT", "clips/[bold]a.npy", "a :smile: b"])
def test_a_line_is_printed_as_it_is(line, capsys):
    console.print_remark(line)
    console.out.print(line)
    printed = capsys.readouterr()
    assert (printed.err, printed.out) == (line + "\n", line + "\n")
