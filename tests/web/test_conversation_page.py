"""A whole conversation over a real socket, with a drawn signer."""

from __future__ import annotations

import numpy as np
import pytest
from support.pages import Page, drawn_site, served
from support.sessions import DAY
from support.signing import NOBODY, RESTING, signing, stream

from isl.landmarks import FRAME_SIZE


@pytest.fixture(scope="module")
def port():
    with served(drawn_site()) as port:
        yield port


def test_signs_become_words_and_a_sentence(port):
    with Page(port) as page:
        assert page.hello["words"] == ["Doctor", "Fever", "Pain"]
        page.play(stream(*DAY, fps=10.0))
        sentence = (
            page.hear("event", event="sentence") if not page.happened("sentence") else page.happened("sentence")[0]
        )
        assert page.words == ["Doctor", "Fever"] == sentence["glosses"]
        assert sentence["sentence"]


def test_the_stream_of_the_page_is_that_of_live(port):
    """The same words at the same times as the state machine alone gives them."""
    from support.signing import hear

    expected = [event for event in hear(DAY, fps=10.0) if event.kind == "word"]
    with Page(port) as page:
        page.play(stream(*DAY, fps=10.0))
        assert [(e["word"], e["time"]) for e in page.happened("word")] == [
            (event.facts["word"], pytest.approx(event.time, abs=1e-3)) for event in expected
        ]


def test_every_frame_is_answered_with_its_time_and_the_state(port):
    with Page(port) as page:
        assert page.show(1.0, NOBODY) == {"type": "status", "time": 1.0, "state": "nobody", "top": []}
        for i in range(20):
            answer = page.show(1.1 + i / 10, signing(1))
        assert answer["state"] == "signing" and answer["top"][0][0] == "Fever"


def test_a_sign_that_is_no_word_is_sent_as_unknown(port):
    with Page(port) as page:
        page.play(stream((RESTING, 1.0), (signing(3), 2.0), (RESTING, 1.0), fps=10.0))
        assert page.words == [] and page.happened("unsure")


def test_pages_share_no_words(port):
    with Page(port) as one, Page(port) as other:
        moments = list(stream(*DAY, fps=10.0))
        for (time, frame), (_, elsewhere) in zip(moments, stream((RESTING, 99.0), fps=10.0), strict=False):
            one.show(time, frame)
            other.show(time, elsewhere)
        assert one.words == ["Doctor", "Fever"] and other.words == []


def day(page: Page) -> None:
    page.play(stream(*DAY[:-1], (RESTING, 1.0), fps=10.0))
    assert page.words == ["Doctor", "Fever"]


def test_a_word_can_be_chosen_and_removed(port):
    with Page(port) as page:
        day(page)
        page.ask("choose", index=1, word="Pain", save=False)
        page.hear("conversation")
        assert page.words == ["Doctor", "Pain"]
        page.ask("remove", index=0)
        page.hear("conversation")
        assert page.words == ["Pain"]
        page.ask("choose", index=0, word="Nonsense", save=False)
        page.ask("remove", index=7)
        page.ask("say")
        assert page.hear("event", event="sentence")["glosses"] == ["Pain"]


def test_a_correction_after_the_sentence_writes_it_anew(port):
    with Page(port) as page:
        day(page)
        page.ask("say")
        first = page.hear("event", event="sentence")
        page.ask("remove", index=1)
        second = page.hear("event", event="sentence")
        assert (first["glosses"], second["glosses"]) == (["Doctor", "Fever"], ["Doctor"])


def test_symptoms_are_in_the_sentence(port):
    with Page(port) as page:
        page.ask("context", symptoms=["headache"])
        page.play(stream(*DAY[:3], fps=10.0))
        page.ask("say")
        assert "headache" in page.hear("event", event="sentence")["sentence"]


def test_starting_again_forgets_all_words(port):
    with Page(port) as page:
        day(page)
        page.ask("clear")
        page.hear("conversation")
        assert page.words == []


def test_words_before_a_lost_connection_are_kept(port):
    with Page(port) as page:
        page.ask("restore", words=["Doctor", "Nonsense"])
        page.hear("conversation")
        assert page.words == ["Doctor"]
        page.ask("say")
        assert page.hear("event", event="sentence")["glosses"] == ["Doctor"]


def test_a_camera_that_is_switched_off_ends_the_sign(port):
    with Page(port) as page:
        page.play(stream((RESTING, 1.0), (signing(0), 2.0), fps=10.0))
        page.ask("stop")
        assert page.hear("event", event="sentence")["glosses"] == ["Doctor"]


def test_somebody_far_away_is_asked_to_come_nearer(port):
    small = RESTING.copy()
    pose = small[: 33 * 4].reshape(33, 4)
    pose[:, :2] = 0.5 + (pose[:, :2] - 0.5) * 0.2
    with Page(port) as page:
        assert page.show(0.0, small)["hint"] == "too_small"
        assert "hint" not in page.show(0.1, RESTING)


def test_invalid_numbers_count_as_no_person(port):
    with Page(port) as page:
        answer = page.show(1.0, np.full(FRAME_SIZE, np.nan, np.float32))
        assert answer["state"] == "nobody"


def test_an_unknown_sign_can_be_named(port):
    with Page(port) as page:
        page.play(stream((RESTING, 1.0), (signing(3), 2.0), (RESTING, 1.0), fps=10.0))
        page.ask("add", word="Nonsense", save=False)
        page.ask("add", word="Pain", save=False)
        page.hear("event", event="word")
        page.hear("conversation")
        assert page.words == ["Pain"]


def test_a_question_is_answered_by_its_words_alone(port):
    with Page(port) as page, Page(port) as other:
        page.ask("vocabulary", words=["Fever"])
        for each in (page, other):
            each.play(stream(*DAY[:-1], (RESTING, 1.0), fps=10.0))
        assert page.words == ["Fever"] and other.words == ["Doctor", "Fever"]
        page.ask("vocabulary", words=[])
        page.play(stream(*DAY[:3], fps=10.0, start=100.0))
        assert page.words[-1] == "Doctor"
