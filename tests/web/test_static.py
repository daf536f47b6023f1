"""The page's own files: light, whole, and in every language."""

from __future__ import annotations

import json
import re
import shutil

import httpx
import pytest
from support.pages import drawn_site, served

from isl.web.server import STATIC, TEXTS

SCRIPTS = sorted((STATIC / "js").glob("*.js"))
LANGUAGES = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(TEXTS.glob("*.json"))}


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_language_has_every_text_with_the_same_places_to_fill_in(code):
    assert LANGUAGES[code].keys() == LANGUAGES["en"].keys()
    for key, text in LANGUAGES[code].items():
        assert text.strip() and placeholders(text) == placeholders(LANGUAGES["en"][key]), key


def test_every_text_that_the_page_names_is_there():
    page = (STATIC / "index.html").read_text(encoding="utf-8")
    named = set(re.findall(r'data-(?:text|label|hint)="(\w+)"', page))
    for script in SCRIPTS:
        named |= set(re.findall(r'\btext\("(\w+)"', script.read_text(encoding="utf-8")))
    assert named <= LANGUAGES["en"].keys()
    assert len(named) > 10


def test_no_file_names_another_host():
    for path in STATIC.rglob("*"):
        if path.is_file():
            text = (
                path.read_text(encoding="utf-8")
                .replace("http://www.w3.org/2000/svg", "")
                .replace("http://localhost", "")
            )
            assert "://" not in re.sub(r"`\$\{scheme\}://", "", text), path


def test_the_page_is_light():
    """Without Holistic: what a phone loads at first, uncompressed."""
    assert sum(path.stat().st_size for path in STATIC.rglob("*") if path.is_file()) < 300_000


def test_a_third_language_is_a_file(tmp_path, monkeypatch):
    from isl.web import server

    shutil.copytree(STATIC, tmp_path / "static")
    marathi = tmp_path / "static" / "texts" / "mr.json"
    marathi.write_text(json.dumps({**LANGUAGES["en"], "language": "मराठी"}), encoding="utf-8")
    monkeypatch.setattr(server, "STATIC", tmp_path / "static")
    monkeypatch.setattr(server, "TEXTS", tmp_path / "static" / "texts")
    with served(drawn_site()) as port:
        site = f"http://localhost:{port}"
        assert httpx.get(f"{site}/texts").json() == {"en": "English", "hi": "हिन्दी", "mr": "मराठी"}
        assert httpx.get(f"{site}/static/texts/mr.json").json()["language"] == "मराठी"
