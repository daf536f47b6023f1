"""New signs that are recorded in front of a page: taken as ``live.py record.word=`` takes them, by consent alone."""

from __future__ import annotations

import numpy as np
import pytest
from support.pages import Page, drawn_site, served
from support.sessions import DAY
from support.signing import NOBODY, RESTING, signing, stream
from websockets.exceptions import ConnectionClosed

from isl.data.folder import FolderClips
from isl.data.table import read_table
from isl.web.messages import Frame, RefusedMessage
from isl.web.takes import MOST_TAKES, Recordings, Takes

TAKE = ((RESTING, 3.0), (signing(3), 3.2))


@pytest.fixture
def root(tmp_path):
    return tmp_path / "recorded"


@pytest.fixture
def port(root):
    with served(drawn_site(record=root)) as port:
        yield port


def record(page: Page, word: str = "Cough", start: float = 0.0, parts=TAKE) -> dict:
    page.ask("record", word=word)
    page.play(stream(*parts, fps=10.0, start=start))
    return [message for message in page.heard if message["type"] == "take"][-1]


def files(root) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.rglob("*.npy"))


def test_takes_are_kept_as_the_window_records_them(port, root):
    with Page(port) as page:
        page.ask("consent", signer="ann")
        takes = [record(page, start=start) for start in (0.0, 20.0)]
        assert files(root) == []  # nothing is written before the user has looked at them
        assert all(len(take["frames"]) > 20 and len(take["frames"][0]) == 150 for take in takes)
        page.ask("keep")
        while not page.hear("recorded")["saved"]:
            pass
        assert page.heard[-1] == {"type": "recorded", "saved": 2, "counts": {"Cough": 2}}
    assert files(root) == ["Cough/ann_000.npy", "Cough/ann_001.npy"]
    row = read_table(root / "clips.csv")["Cough", "ann_000"]
    assert row.seconds == pytest.approx(3, abs=0.2) and row.columns["group"] == "ann"
    assert "holistic" in row.columns["extractor"]
    assert (np.load(root / "Cough" / "ann_000.npy") == signing(3)).all()
    assert len(FolderClips(root).load()) == 2


def test_the_countdown_is_sent_and_the_take_is_no_word_of_the_conversation(port):
    with Page(port) as page:
        page.ask("consent", signer="ann")
        page.ask("record", word="Doctor")
        page.play(stream((RESTING, 3.2), (signing(0), 2.5), (RESTING, 2.0), fps=10.0))
        told = [message.get("take") for message in page.heard if message["type"] == "status"]
        assert [take["left"] for take in told if take and not take["signing"]] == [3] * 10 + [2] * 10 + [1] * 10
        assert page.words == []


def test_a_take_that_is_thrown_away_is_not_kept(port, root):
    with Page(port) as page:
        page.ask("consent", signer="ann")
        bad, _ = record(page), record(page, start=20.0)
        page.ask("discard", take=bad["take"])
        page.ask("keep")
        while not page.hear("recorded")["saved"]:
            pass
    assert len(files(root)) == 1


@pytest.mark.parametrize(("frame", "problem"), [(NOBODY, "nobody_seen"), (RESTING, "no_hands_seen")])
def test_a_take_without_a_sign_is_reported(port, frame, problem):
    with Page(port) as page:
        page.ask("consent", signer="ann")
        assert record(page, parts=((frame, 6.3),))["problem"] == problem


def test_withdrawn_consent_discards_the_takes(port, root):
    with Page(port) as page:
        page.ask("consent", signer="ann")
        record(page)
        page.ask("consent", signer="")
        page.ask("keep")
        assert page.hear("recorded")["saved"] == 0
    assert files(root) == []


def test_nobody_is_recorded_without_consent(port, root):
    with Page(port) as page:
        page.ask("record", word="Cough")
        with pytest.raises(ConnectionClosed):
            page.hear("never")
    assert files(root) == []


def test_pages_record_only_where_the_server_allows_it():
    with served(drawn_site()) as port:
        for request in ({"kind": "consent", "signer": "ann"}, {"kind": "keep"}, {"kind": "teach"}):
            with Page(port) as page:
                assert page.hello["record"] is False
                page.ask(**request)
                with pytest.raises(ConnectionClosed):
                    page.hear("never")


@pytest.mark.parametrize("word", ["../evil", "a/b", "..", "/tmp/x", "C:x", "a\x00b", "", "x" * 101])
def test_no_path_of_a_page_reaches_the_disk(port, root, word):
    with Page(port) as page:
        page.ask("consent", signer="ann")
        page.ask("record", word=word)
        with pytest.raises(ConnectionClosed):
            page.hear("never")
    assert not root.exists() and not list(root.parent.glob("*evil*"))


def test_a_known_word_keeps_its_spelling(port, root):
    with Page(port) as page:
        page.ask("consent", signer="ann")
        assert record(page, word="fever")["word"] == "Fever"


def test_the_memory_of_takes_is_limited(root):
    takes = Takes(Recordings(root, []))
    takes.consent("ann")
    for i in range(MOST_TAKES):
        takes.record("Cough")
        for time, frame in stream(*TAKE, fps=10.0, start=20.0 * i):
            takes.feed(Frame(time, (640, 480), frame), frame)
    with pytest.raises(RefusedMessage, match="more than 12 takes"):
        takes.record("Cough")


def test_a_correction_is_saved_if_the_person_agrees(port, root):
    with Page(port) as page:
        page.play(stream(*DAY[:-1], (RESTING, 1.0), fps=10.0))
        page.ask("choose", index=1, word="Doctor", save=False)
        page.hear("conversation")
        assert files(root) == []
        page.ask("consent", signer="visitor")
        page.ask("choose", index=1, word="Pain", save=True)
        while not page.hear("recorded")["saved"]:
            pass
        assert page.words == ["Doctor", "Pain"]
    (path,) = files(root)
    assert path == "Pain/visitor_000.npy"
    clip = np.load(root / path)
    assert (clip == signing(1)).all(axis=1).mean() > 0.8  # the frames of that sign


def test_an_unknown_sign_is_saved_under_the_chosen_word(port, root):
    with Page(port) as page:
        page.ask("consent", signer="visitor")
        page.play(stream((RESTING, 1.0), (signing(3), 2.0), (RESTING, 1.0), fps=10.0))
        page.ask("add", word="Pain", save=True)
        while not page.hear("recorded")["saved"]:
            pass
        assert page.words == ["Pain"]
    assert files(root) == ["Pain/visitor_000.npy"]
