"""Speech: heard, in a file, beside recognition; and silent with one line where there is no voice."""

from __future__ import annotations

import subprocess
import threading
import wave

import numpy as np
import pytest
from support.sessions import Keys, Pictures, happened, session

from isl.errors import InputError
from isl.live import voice
from isl.live.voice import Voice, espeak, speak
from isl.recognition.conversation import SYMPTOMS


def spoken(path, text, language="en") -> tuple[float, float]:
    """Length in seconds and loudness (root mean square of samples between -1 and 1) of a spoken text."""
    command = espeak(text, language, path)
    if not command:
        pytest.skip("apt install espeak-ng")
    subprocess.run(command, check=True)
    with wave.open(str(path)) as sound:
        samples = np.frombuffer(sound.readframes(sound.getnframes()), np.int16) / 32768
        return len(samples) / sound.getframerate(), float(np.sqrt((samples**2).mean()))


def test_a_sentence_is_as_long_and_as_loud_as_speech(tmp_path):
    seconds, loudness = spoken(tmp_path / "a.wav", "My mother is sick and needs the hospital.")
    assert 1.5 < seconds < 5.0 and loudness > 0.02
    longer, _ = spoken(tmp_path / "b.wav", "My mother is sick and needs the hospital. My father is healthy.")
    assert longer > seconds + 0.5


def test_hindi_words_are_spoken_by_a_hindi_voice(tmp_path):
    seconds, loudness = spoken(tmp_path / "a.wav", "माता, बीमार, अस्पताल", "hi")
    assert seconds > 1.0 and loudness > 0.02
    english, _ = spoken(tmp_path / "b.wav", "माता, बीमार, अस्पताल", "en")
    assert english != seconds  # an English voice spells the letters


def test_each_finished_sentence_is_spoken_in_its_turn(monkeypatch):
    heard = []
    monkeypatch.setattr(voice, "speak_in_process", lambda text, language: heard.append((text, language)) or "")
    talker = Voice(pytest.fail)
    for text in ("One.", "", "Two."):
        talker.say(text)
    talker.say("तीन", "hi")
    talker.close()
    assert heard == [("One.", "en"), ("Two.", "en"), ("तीन", "hi")]


def test_a_slow_voice_blocks_no_thread_and_drops_late_sentences(monkeypatch):
    ended = threading.Event()
    heard = []
    monkeypatch.setattr(voice, "speak_in_process", lambda text, _: (heard.append(text), ended.wait(30))[0] or "")
    talker = Voice(pytest.fail)
    for number in range(50):
        talker.say(f"{number}")  # returns although nothing is said yet
    ended.set()
    talker.close()
    assert heard[0] == "0" and len(heard) <= voice.WAITING + 1


def test_without_a_voice_one_message_is_shown(monkeypatch):
    asked: list[str] = []
    complaints: list[str] = []
    monkeypatch.setattr(voice, "speak_in_process", lambda text, _: asked.append(text) or "speak=true: no voice")
    talker = Voice(complaints.append)
    talker.say("One.")
    talker.say("Two.")
    talker.close()
    talker.say("Three.")
    assert asked == ["One."] and complaints == ["speak=true: no voice"]


def test_a_missing_voice_is_reported_in_one_line(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pyttsx3", None)
    with pytest.raises(InputError, match="pip install pyttsx3"):
        speak("One.", "en")


def test_without_a_sound_card_one_message_is_shown(monkeypatch):
    monkeypatch.setattr(voice, "espeak", lambda *_: ["sh", "-c", "echo 'ALSA lib'>&2; echo 'error: No such file'>&2"])
    problem = voice.speak_in_process("One.", "en")
    assert "loudspeaker" in problem and "\n" not in problem


def test_a_hanging_voice_is_ended(monkeypatch):
    monkeypatch.setattr(voice, "LONGEST", 0.2)
    monkeypatch.setattr(voice.subprocess, "run", lambda command, **options: real(["sleep", "5"], **options))
    assert "has not ended" in voice.speak_in_process("One.", "en")


real = voice.subprocess.run


def test_a_session_speaks_its_sentences_and_shows_its_words_in_hindi():
    made = session(Pictures())
    said: list = []
    made.interpreter.speak, made.interpreter.hindi = said.append, True
    made.run()
    assert [sentence.text for sentence in said] == happened(made, "sentence")
    assert made.interpreter.screen_state.words == ("डॉक्टर", "बुखार")


def test_keys_pick_symptoms_and_take_them_back():
    made = session(screen=Keys((3, "symptom 1"), (6, "symptom 9"), (9, "symptom 1")))
    made.run()
    assert happened(made, "context") == [["headache"], ["headache", "dry mouth"], ["dry mouth"]]
    assert made.interpreter.conversation.context == ["dry mouth"] and len(SYMPTOMS) == 9
