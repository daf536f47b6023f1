"""An extraction that is stopped, killed or out of disk leaves whole files, and is finished by the same command."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
from pathlib import Path

import pytest
from support import fakes
from support.drawn import draw_video
from support.fakes import contents, extracted
from support.folders import table

from isl.errors import InputError
from isl.extract import store

pytestmark = pytest.mark.usefixtures("inline")


def test_a_full_disk_is_reported_and_no_file_is_half_written(recorded, tmp_path, monkeypatch):
    extracted(recorded, tmp_path / "whole")
    written, write = [], Path.write_bytes

    def full(path, content):
        written.append(path)
        if len(written) > 4:
            write(path, content[: len(content) // 2])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write(path, content)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", full)
        with pytest.raises(InputError, match=r"no space left.*start again"):
            extracted(recorded, tmp_path / "out")
    left = contents(tmp_path / "out")
    assert {name: content for name, content in left.items() if not name.startswith(".extract")}.items() <= contents(
        tmp_path / "whole"
    ).items()
    assert not any("unfinished" in name for name in left)
    extracted(recorded, tmp_path / "out")
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")


def test_ctrl_c_leaves_a_table_of_what_is_done(recorded, tmp_path, monkeypatch):
    original = fakes.landmark

    def interrupted(path, frames, face=True, cut=None):
        if path.stem == "fever0":
            raise KeyboardInterrupt
        return original(path, frames, face, cut)

    monkeypatch.setattr(fakes, "landmark", interrupted)
    with pytest.raises(KeyboardInterrupt):
        extracted(recorded, tmp_path / "out")
    assert list(table(tmp_path / "out" / "clips.csv")) == ["Doctor/doctor0", "Doctor/doctor1"]


class Killed(BaseException):
    """The process is gone: nothing that would run after it can do anything any more."""


class Disk:
    """Counts what is done to the disk and, in the middle of number ``last``, kills the process."""

    def __init__(self, monkeypatch, last: int | None = None) -> None:
        self.done, self.last = 0, last
        for owner, names in (
            (store, ("_npy",)),
            (Path, ("mkdir", "write_bytes", "rename", "replace", "unlink", "rmdir")),
            (shutil, ("rmtree",)),
        ):
            for name in names:
                monkeypatch.setattr(owner, name, self._counted(getattr(owner, name)))

    def _counted(self, operation):
        def counted(*args, **options):
            self.done += 1
            if self.last is not None and self.done >= self.last:
                if self.done == self.last and operation.__name__ == "write_bytes":
                    operation(args[0], args[1][: len(args[1]) // 2])
                if self.done == self.last and operation.__name__ == "rmtree":
                    for path in sorted(args[0].rglob("*.*"))[:1]:
                        os.remove(path)  # noqa: PTH107 (Path.unlink is counted)
                raise Killed
            return operation(*args, **options)

        return counted


@pytest.mark.parametrize("layout", ["clip", "frames"])
def test_killed_anywhere_and_finished_is_the_same_as_undisturbed(tmp_path, monkeypatch, layout):
    source = tmp_path / "videos"
    for i, length in enumerate((3, 5)):
        draw_video(source / "Doctor" / f"{i}.avi", length)
    (source / "Doctor" / "bad.avi").write_text("no video")
    options = {"layout": layout, "frames": 2}
    with monkeypatch.context() as patch:
        steps = Disk(patch)
        extracted(source, tmp_path / "whole", **options)
    whole = contents(tmp_path / "whole")
    assert steps.done > 20
    for last in range(1, steps.done + 1):
        output = tmp_path / f"killed{last}"
        with monkeypatch.context() as patch, pytest.raises(Killed):
            Disk(patch, last)
            extracted(source, output, **options)
        if output.is_dir():
            visible = {name: content for name, content in contents(output).items() if not name.startswith(".extract")}
            parts = {name for name in visible if name.endswith((".npy", ".csv"))}
            assert all(visible[name] == whole[name] for name in parts if name.endswith(".npy")), last
        extracted(source, output, **options)
        assert contents(output) == whole, last


@pytest.mark.parametrize("layout", ["clip", "frames"])
def test_killed_anywhere_while_redoing_a_changed_video_too(tmp_path, monkeypatch, layout):
    source, options = tmp_path / "videos", {"layout": layout, "frames": 2}
    draw_video(source / "Doctor" / "0.avi", 3)
    draw_video(source / "Doctor" / "1.avi", 3)
    extracted(source, tmp_path / "old", **options)
    draw_video(source / "Doctor" / "0.avi", 7)
    (source / "Doctor" / "1.avi").write_text("no video")
    extracted(source, tmp_path / "new", **options)
    for last in range(1, 200):
        output = tmp_path / f"killed{last}"
        shutil.copytree(tmp_path / "old", output)
        with monkeypatch.context() as patch:
            disk = Disk(patch, last)
            with contextlib.suppress(Killed):
                extracted(source, output, **options)
        folders = [path for path in output.glob("Doctor/*") if path.is_dir()]
        assert all(len(list(folder.iterdir())) == 2 for folder in folders), last  # no clip in part
        extracted(source, output, **options)
        assert contents(output) == contents(tmp_path / "new"), last
        if disk.done < last:
            return
    pytest.fail("it never got through")
