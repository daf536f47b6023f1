"""Tables of any origin: each is read rightly, or refused in one line that names the file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from isl.data.cells import read_sheet
from isl.data.folder import FolderClips
from isl.data.listing import read_listing
from isl.data.table import add_row, read_table
from isl.errors import InputError

SOUND = "word,clip,group,fps\nDoctor,1,anna,25\nFever,2,ben,30\n"
ROWS = {("Doctor", "1"): "anna", ("Fever", "2"): "ben"}
SAME = {  # other ways of writing the sound table
    "a mark of UTF-8": SOUND.encode("utf-8-sig"),
    "UTF-16": SOUND.encode("utf-16"),
    "UTF-16, big ends": b"\xfe\xff" + SOUND.encode("utf-16-be"),
    "semicolons": SOUND.replace(",", ";").encode(),
    "tabs": SOUND.replace(",", "\t").encode(),
    "line ends of Windows": SOUND.replace("\n", "\r\n").encode(),
    "line ends of old Macs": SOUND.replace("\n", "\r").encode(),
    "mixed line ends": SOUND.replace("\n", "\r\n", 1).replace("25\n", "25\r").encode(),
    "no line end": SOUND.rstrip().encode(),
    "empty lines": SOUND.replace("\n", "\n\n").encode(),
    "lines of separators": (SOUND + ",,,\n ,,, \n").encode(),
    "quotes": b'"word","clip","group","fps"\n"Doctor","1","anna","25"\n"Fever","2","ben","30"\n',
    "blanks": b" word , clip , group,fps\n Doctor ,1 , anna , 25\nFever, 2,ben,30\n",
    "another order": b"fps,group,clip,word\n25,anna,1,Doctor\n30,ben,2,Fever\n",
    "names of files": SOUND.replace(",1,", ",1.npy,").encode(),
    "a further column": b"word,clip,group,note\nDoctor,1,anna,a b\nFever,2,ben,\n",
    "another tool's signer": SOUND.replace("group", "Signer ID").encode(),
    "no facts": b"word,clip,group\nDoctor,1,anna\nFever,2,ben\n",
    "as Excel writes it": SOUND.replace(",", ";").replace("\n", "\r\n").encode("utf-8-sig"),
    "as Excel writes it, quoted": SOUND.rstrip()
    .replace(",", '";"')
    .replace("\n", '"\r\n"')
    .join('""')
    .encode("utf-8-sig"),
    "as Excel's Unicode text": SOUND.replace(",", "\t").replace("\n", "\r\n").encode("utf-16"),
    "columns without a name behind": b"word,clip,group,,\nDoctor,1,anna,,\nFever,2,ben,,\n",
    "digits of India": SOUND.replace("25", "२५").encode(),
    "a line end in a cell": b'word,clip,group,note\nDoctor,1,anna,"two\nlines"\nFever,2,ben,\n',
}
WRONG = {  # tables that nobody can read rightly
    "nothing": b"",
    "a mark alone": b"\xef\xbb\xbf",
    "a blank": b" \n",
    "bytes": bytes(range(256)),
    "zeros": bytes(1000),
    "Latin": "word,clip\nFiévre,1\n".encode("latin-1"),
    "half a letter": b"word,clip\nDoctor,1\xe0\xa4\n",
    "UTF-16 without a mark": SOUND.encode("utf-16-le"),
    "half of UTF-16": SOUND.encode("utf-16")[:-1],
    "UTF-32": SOUND.encode("utf-32"),
    "a zero in the header": b"word,cl\x00ip\nDoctor,1\n" * 2,
    "a missing column": b"word,name\nDoctor,1\n",
    "only numbers": b"1,2,3\n4,5,6\n",
    "a column twice": b"word,clip,group,group\nDoctor,1,a,b\n",
    "a column without a name twice": b"word,clip,,\nDoctor,1,a,b\n",
    "too few cells": b"word,clip,group\nDoctor,1\n",
    "too many cells": b"word,clip\nDoctor,1,anna\n",
    "a comma in a cell": b"word,clip,note\nDoctor,1,a, b\n",
    "a clip twice": b"word,clip\nDoctor,1\nDoctor,1.npy\n",
    "an open quote": b'word,clip\nDoctor,"1\nFever,2\n',
    "an open quote in the header": b'word,"clip\nDoctor,1\n',
    "a huge cell": b"word,clip\nDoctor," + b"1" * 200_000 + b"\n",
    "a huge header": b"word,clip," + b"a" * 200_000 + b"\nDoctor,1,\n",
    "a decimal comma": b'word,clip,fps\nDoctor,1,"29,97"\n',
    "thousands": b'word,clip,width\nDoctor,1,"1,920"\n',
    "underscores": b"word,clip,width\nDoctor,1,1_920\n",
    "a date": b"word,clip,seconds\nDoctor,1,2026-11-29\n",
    "no number": b"word,clip,fps\nDoctor,1,fast\n",
    "nan": b"word,clip,fps\nDoctor,1,nan\n",
    "infinity": b"word,clip,fps\nDoctor,1,inf\n",
    "too large": b"word,clip,fps\nDoctor,1,1e999\n",
    "zero": b"word,clip,fps\nDoctor,1,0\n",
    "negative": b"word,clip,seconds\nDoctor,1,-2\n",
    "a percentage": b"word,clip,fps\nDoctor,1,25%\n",
    "a formula": b"word,clip,fps\nDoctor,1,=25\n",
    "an error of a spreadsheet": b"word,clip,fps\nDoctor,1,#REF!\n",
    "a wide picture": b"word,clip,width,height\nDoctor,1,1e9,1\n",
    "a picture without end": b"word,clip,width,height\nDoctor,1,1e308,1e-308\n",
    "a rate beyond all cameras": b"word,clip,frames,fps\nDoctor,1,1,1e-300\n",
    "a wrong time": b"word,clip,start_time,end_time\nDoctor,1,x,2\n",
    "an end before the start": b"word,clip,start_time,end_time\nDoctor,1,3,2\n",
    "a negative time": b"word,clip,start_time,end_time\nDoctor,1,-3,2\n",
    "a page": b"<!DOCTYPE html><html><body>404</body></html>",
    "a workbook": b"PK\x03\x04\x14\x00\x06\x00\x08\x00" + bytes(300),
    "a line of Excel before the header": b"sep=;\nword;clip\nDoctor;1\n",
    "escape codes": b"word,clip\n\x1b[2JDoctor,1\n",
    "a bell in a group": b"word,clip,group\nDoctor,1,a\x07b\n",
    "no word": b"word,clip\n,1\n",
    "no clip": b"word,clip\nDoctor,\n",
    "an empty name of a column before others": b"word,,clip\nDoctor,x,1,y\n",
    "XML": b"<?xml version='1.0'?><rows/>",
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(200),
    "JSON": b'{"word": "Doctor", "clip": 1}',
    "lines of JSON": b'{"word": "Doctor", "clip": 1}\n{"word": "Fever", "clip": 2}\n',
    "a table of Markdown": b"| word | clip |\n|---|---|\n| Doctor | 1 |\n",
    "bars": b"word|clip\nDoctor|1\n",
    "blanks between cells": b"word clip\nDoctor 1\n",
    "a comment before the header": b"# mine\nword,clip\nDoctor,1\n",
    "a mark in the middle": "word,\ufeffclip\nDoctor,1\n".encode(),
    "ten thousand columns": b"word,clip" + b",a" * 10_000 + b"\nDoctor,1" + b",1" * 10_000 + b"\n",
}


@pytest.mark.parametrize("content", SAME.values(), ids=SAME.keys())
def test_a_table_is_read_in_every_way_of_writing_it(content, tmp_path):
    (tmp_path / "clips.csv").write_bytes(content)
    assert {key: row.columns["group"] for key, row in read_table(tmp_path / "clips.csv").items()} == ROWS


@pytest.mark.parametrize("content", WRONG.values(), ids=WRONG.keys())
def test_a_wrong_table_is_refused_in_one_line(content, tmp_path):
    path = tmp_path / "clips.csv"
    path.write_bytes(content)
    with pytest.raises(InputError) as refused:
        read_table(path)
    assert str(path) in str(refused.value) and "\n" not in str(refused.value)
    assert len(str(refused.value)) < 1000
    with pytest.raises(InputError) as refused:
        FolderClips(str(tmp_path)).load()
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("content", [*SAME.values(), *WRONG.values()], ids=[*SAME, *WRONG])
def test_every_reader_of_tables_reads_or_refuses(content, tmp_path):
    path = tmp_path / "clips.csv"
    path.write_bytes(content)
    for read in (read_table, read_listing, read_sheet, lambda _: add_row(tmp_path, {"word": "a"})):
        try:
            read(path)
        except InputError as error:
            assert "\n" not in str(error)
            assert path.read_bytes() == content


def pipe(path: Path) -> None:
    os.mkfifo(path)


@pytest.mark.parametrize(
    "make",
    [pipe, Path.mkdir, lambda path: path.symlink_to("/dev/zero"), lambda path: path.symlink_to(path.name)],
    ids=["pipe", "folder", "device", "loop"],
)
def test_a_table_that_is_no_file_is_refused(make, tmp_path):
    make(tmp_path / "clips.csv")
    for read in (read_table, read_listing, read_sheet):
        with pytest.raises(InputError):
            read(tmp_path / "clips.csv")
