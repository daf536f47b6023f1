from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from isl.data.cache import ABANDONED, cache_folder, stored
from isl.data.clips import Clips
from isl.data.folder import FolderClips
from isl.errors import InputError
from isl.landmarks import FRAME_SIZE, without_face

MakeDataset = Callable[..., Path]

CLIPS = {"Doctor": ["a_0", "a_1"], "Fever": ["a_0", "b_0"], "Pain": ["a_0", "a_1", "b_2"]}


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that were read by ``np.fromfile``."""
    seen: list[str] = []
    original = np.fromfile

    def load(path: Path, *options: Any, **more: Any) -> object:
        seen.append(str(path))
        return original(path, *options, **more)

    monkeypatch.setattr(np, "fromfile", load)
    return seen


@pytest.fixture
def dataset(make_dataset: MakeDataset, tmp_path: Path) -> Callable[[], Clips]:
    root = make_dataset(CLIPS, layout=["files", "i"])
    (root / "clips.csv").write_text("word,clip,fps\nDoctor,a_0,25\n")
    return lambda: FolderClips(str(root), cache=str(tmp_path / "cache")).load()


def caches(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "cache").glob("*/*"))


def test_second_start_reads_no_clip(
    dataset: Callable[[], Clips], reads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = dataset()
    assert reads
    reads.clear()
    monkeypatch.setattr("isl.data.gather.read_table", lambda path: pytest.fail("read the table again"))
    second = dataset()
    assert not reads
    np.testing.assert_array_equal(first.frames, second.frames)
    assert (first.name, first.digest, first.columns) == (second.name, second.digest, second.columns)
    np.testing.assert_array_equal(first.seconds, second.seconds)


def test_frames_are_mapped_not_loaded_and_batches_are_copies(dataset: Callable[[], Clips]) -> None:
    clips = dataset()
    base: object = clips.frames
    while isinstance(base, np.ndarray) and not isinstance(base, np.memmap):
        base = base.base
    assert isinstance(base, np.memmap)
    assert not clips.frames.flags.writeable
    clips.batch([0]).landmarks.zero_()
    assert clips.frames[0].any()


def changed(root: Path) -> None:
    np.save(root / "Pain" / "b_2.npy", np.zeros((2, FRAME_SIZE), np.float32))


def same_size_and_time(root: Path) -> None:
    path = root / "Doctor" / "a_0.npy"
    before = path.stat()
    np.save(path, np.load(path)[::-1])
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def added(root: Path) -> None:
    shutil.copy(root / "Doctor" / "a_0.npy", root / "Doctor" / "new.npy")


def removed(root: Path) -> None:
    (root / "Fever" / "a_0.npy").unlink()


def frame_removed(root: Path) -> None:
    (root / "Doctor" / "a_1" / "0.npy").unlink()


def table_changed(root: Path) -> None:
    (root / "clips.csv").write_text("word,clip,fps\nDoctor,a_0,30\n")


@pytest.mark.parametrize("change", [changed, same_size_and_time, added, removed, frame_removed, table_changed])
def test_any_change_rebuilds_the_cache_once_and_deletes_the_old_one(
    dataset: Callable[[], Clips], reads: list[str], tmp_path: Path, change: Callable[[Path], None]
) -> None:
    before = dataset()
    copy = [np.array(before.clip(i)) for i in range(len(before))]
    old = caches(tmp_path)
    change(tmp_path / "dataset")
    reads.clear()
    after = dataset()
    assert reads and len(caches(tmp_path)) == 1 and caches(tmp_path) != old
    reads.clear()
    assert dataset().digest == after.digest and not reads
    on_disk = FolderClips(str(tmp_path / "dataset"), cache=str(tmp_path / "another")).load()
    np.testing.assert_array_equal(after.frames, on_disk.frames)
    assert on_disk.name == after.name
    for i, clip in enumerate(copy):  # who has the old one open goes on reading it
        np.testing.assert_array_equal(before.clip(i), clip)


def test_another_choice_of_words_has_a_cache_of_its_own(
    make_dataset: MakeDataset, tmp_path: Path, reads: list[str]
) -> None:
    root, cache = str(make_dataset()), str(tmp_path / "cache")
    FolderClips(root, cache=cache).load()
    FolderClips(root, words=["Pain", "Fever"], cache=cache).load()
    reads.clear()
    assert FolderClips(root, cache=cache).load().words == ["Doctor", "Fever", "Pain"]
    assert FolderClips(root, words=["Pain", "Fever"], cache=cache).load().words == ["Fever", "Pain"]
    assert not reads


@pytest.mark.parametrize(
    "damage", ["truncate frames", "longer frames", "cut facts", "edited facts", "no facts", "no frames", "no body"]
)
def test_damaged_cache_is_built_again(
    dataset: Callable[[], Clips], tmp_path: Path, damage: str, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = np.array(dataset().frames)
    assert "damaged" not in capsys.readouterr().err
    (place,) = caches(tmp_path)
    if damage == "truncate frames":
        os.truncate(place / "frames.f32", 1000)
    elif damage == "longer frames":
        os.truncate(place / "frames.f32", 10**7)
    elif damage == "cut facts":
        (place / "facts.json").write_text('{"frames": 3')
    elif damage == "edited facts":
        content = bytearray((place / "facts.json").read_bytes())
        content[len(content) // 2] ^= 1
        (place / "facts.json").write_bytes(content)
    else:
        (place / {"no facts": "facts.json", "no frames": "frames.f32", "no body": "body.f32"}[damage]).unlink()
    clips = dataset()
    assert "damaged; it is built anew" in capsys.readouterr().err
    np.testing.assert_array_equal(clips.frames, whole)
    np.testing.assert_array_equal(clips.body, without_face(whole))


@pytest.mark.parametrize("file", ["frames.f32", "body.f32"])
@pytest.mark.parametrize("same_time", [True, False])
def test_flipped_byte_is_found_and_the_cache_is_built_again(
    dataset: Callable[[], Clips], tmp_path: Path, file: str, same_time: bool
) -> None:
    whole = np.array(dataset().frames)
    (place,) = caches(tmp_path)
    before = (place / file).stat()
    content = bytearray((place / file).read_bytes())
    content[len(content) // 2] ^= 64
    (place / file).write_bytes(content)
    if same_time:
        os.utime(place / file, ns=(before.st_atime_ns, before.st_mtime_ns))
    clips = dataset()
    np.testing.assert_array_equal(clips.frames, whole)
    np.testing.assert_array_equal(clips.body, without_face(whole))


def write(frames: np.ndarray) -> Callable[..., dict[str, object]]:
    def to(out: object) -> dict[str, object]:
        for frame in frames:
            out.write(frame.tobytes())  # type: ignore[attr-defined]
        return {"some": "fact"}

    return to


def test_a_failed_build_leaves_no_file(tmp_path: Path) -> None:
    def fails(out: object) -> dict[str, object]:
        out.write(bytes(4 * FRAME_SIZE))  # type: ignore[attr-defined]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stored(tmp_path / "place", "key", fails)
    assert list((tmp_path / "place").iterdir()) == []


def test_two_builders_at_once_both_get_a_whole_cache(tmp_path: Path) -> None:
    frames = np.random.default_rng(0).uniform(size=(50, FRAME_SIZE)).astype(np.float32)
    both_building = threading.Barrier(2)
    results: list[np.ndarray] = []

    def build() -> None:
        def slow(out: object) -> dict[str, object]:
            both_building.wait(10)
            return write(frames)(out)

        results.append(stored(tmp_path / "place", "key", slow)[0])

    threads = [threading.Thread(target=build) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for result in results:
        np.testing.assert_array_equal(result, frames)
    assert len(results) == 2 and len(list((tmp_path / "place").iterdir())) == 1


def test_build_of_another_process_is_left_alone_until_it_is_old(tmp_path: Path) -> None:
    place = tmp_path / "place"
    building = place / "building-other"
    building.mkdir(parents=True)
    frames = np.ones((2, FRAME_SIZE), np.float32)
    stored(place, "key", write(frames))
    assert building.is_dir()
    old = building.stat().st_mtime - ABANDONED - 10
    os.utime(building, (old, old))
    stored(place, "key", write(frames))
    assert not building.exists()


def test_a_dataset_without_a_readable_clip_is_refused(make_dataset: MakeDataset) -> None:
    root = make_dataset()
    for path in root.rglob("*.npy"):
        path.write_bytes(b"")
    with pytest.raises(InputError, match="no clip that can be read"):
        FolderClips(str(root), on_error="skip").load()


def test_cache_that_cannot_be_written_names_the_way_out(make_dataset: MakeDataset, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match=r"name another folder by data.cache= or \$ISL_CACHE"):
        FolderClips(str(make_dataset()), cache=str(tmp_path / "file")).load()


def test_cache_folder_is_the_chosen_or_the_environments_or_the_users(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ISL_CACHE", "/from/environment")
    assert cache_folder("/chosen") == Path("/chosen")
    assert cache_folder(None) == Path("/from/environment")
    monkeypatch.delenv("ISL_CACHE")
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder(None) == tmp_path / "isl"
    monkeypatch.setattr("sys.platform", "darwin")
    assert cache_folder(None) == Path.home() / "Library" / "Caches" / "isl"
    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    assert cache_folder(None) == tmp_path / "isl" / "cache"


def test_a_cache_can_be_read_by_others(make_dataset: MakeDataset, tmp_path: Path) -> None:
    mask = os.umask(0o002)
    try:
        FolderClips(str(make_dataset()), cache=str(tmp_path / "cache")).load()
    finally:
        os.umask(mask)
    assert all(folder.stat().st_mode & 0o775 == 0o775 for folder in (tmp_path / "cache").rglob("*") if folder.is_dir())


def test_a_cache_that_is_cut_short_while_it_is_mapped_is_one_line(dataset: Callable[[], Clips], tmp_path: Path) -> None:
    clips = dataset()
    (frames,) = (tmp_path / "cache").glob("*/*/frames.f32")
    os.truncate(frames, frames.stat().st_size // 2)  # to read beyond the end would end the process by SIGBUS
    for read in (lambda: clips.batch([len(clips) - 1]), lambda: clips.clip(0)):
        with pytest.raises(InputError, match="cut short while it was in use"):
            read()
    assert len(dataset().clip(0))  # built anew


@pytest.mark.parametrize("change", ["written", "added", "removed"])
def test_a_dataset_that_changes_after_it_was_read_is_noticed(
    change: str, make_dataset: MakeDataset, tmp_path: Path
) -> None:
    root = make_dataset(layout=["files", "i"])
    source = FolderClips(str(root), cache=str(tmp_path / "cache"))
    source.load()
    assert not source.changed()
    path = next(root.glob("*/*.npy"))
    if change == "written":
        np.save(path, np.load(path)[:-1])
    elif change == "added":
        shutil.copy(path, path.with_name("another.npy"))
    else:
        path.unlink()
    assert source.changed()


@pytest.mark.parametrize("mode", [0o700, 0o755, 0o777])
def test_any_user_who_may_write_to_the_cache_can_renew_each_dataset(
    make_dataset: MakeDataset, tmp_path: Path, mode: int
) -> None:
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache").chmod(mode)
    FolderClips(str(make_dataset()), cache=str(tmp_path / "cache")).load()
    (place,) = (tmp_path / "cache").iterdir()
    assert place.stat().st_mode & 0o777 == mode
