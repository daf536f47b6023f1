"""The page in Chromium: recordings as its camera's pictures, either way of finding landmarks."""

from __future__ import annotations

import base64
from pathlib import Path

import cv2
import pytest
from support.chromium import pictures_of

pytestmark = pytest.mark.slow
EVERY = 2  # the recordings have ten pictures a second; five are enough

# Pictures at the recording's own times, however fast this machine is: what the page does with a camera's pictures
PLAY = """
const [way, pictures, seconds, done] = arguments;
(async () => {
  const { Connection } = await import("/static/js/connection.js");
  const { PageLandmarks } = await import("/static/js/page_landmarks.js");
  const { ServerLandmarks } = await import("/static/js/server_landmarks.js");
  const connection = new Connection();
  const events = [];
  connection.addEventListener("event", ({ detail }) => events.push(detail));
  await new Promise((open) => connection.addEventListener("hello", open, { once: true }));
  const landmarks = way === "page" ? new PageLandmarks(connection, false) : new ServerLandmarks(connection);
  await landmarks.start();
  const canvas = document.createElement("canvas");
  const show = async (time) => {
    const answered = new Promise((next) => connection.addEventListener("status", next, { once: true }));
    landmarks.see(canvas, time);
    await answered;
  };
  let time = 0;
  for (const picture of pictures) {
    const bytes = Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], { type: "image/jpeg" }));
    [canvas.width, canvas.height] = [canvas.videoWidth, canvas.videoHeight] = [image.width, image.height];
    canvas.getContext("2d").drawImage(image, 0, 0);
    await show((time += seconds));
  }
  connection.ask("stop");
  const has = (kind) => events.some(({ event }) => event === kind);
  const settled = () => !has("word") || has("sentence");
  await new Promise((next) => setTimeout(next, 1000));
  while (!settled()) await new Promise((next) => setTimeout(next, 100));
  landmarks.close();
  connection.close();
  done(events);
})().catch((error) => done(String(error.stack ?? error)));
"""


def play(driver, way: str, path: Path) -> list[dict]:
    pictures = [
        base64.b64encode(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 95])[1].tobytes()).decode()
        for i, picture in enumerate(pictures_of(path))
        if i % EVERY == 0
    ]
    events = driver.execute_async_script(PLAY, way, pictures, EVERY / 10)
    assert isinstance(events, list), events
    return events


@pytest.mark.parametrize("way", ["page", "server"])
def test_the_page_understands_the_recordings(page, chromium, videos, way):
    """At least seven of eight words, none of them twice, each with its sentence."""
    chromium.get(f"http://localhost:{page}/texts")  # a document of this server, without the page's own camera
    right, heard = 0, {}
    for path in sorted(videos.glob("*/*.avi")):
        events = play(chromium, way, path)
        words = [event["word"] for event in events if event["event"] == "word"]
        sentences = [event["glosses"] for event in events if event["event"] == "sentence"]
        assert sentences == ([words] if words else []), path
        heard[path.parent.name] = words
        right += words == [path.parent.name]
    assert right >= 7, heard
