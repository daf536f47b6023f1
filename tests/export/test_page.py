"""The example page: a network of isl-export in Chromium gives the probabilities of onnxruntime and of torch."""

from __future__ import annotations

import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest
from support.checkpoints import network
from support.chromium import browser

from isl import Recognizer
from isl.data.cache import cache_folder
from isl.errors import InputError
from isl.export.onnx_model import write_onnx
from isl.export.page import RUNTIME, write_page
from isl.export.page.__main__ import main
from isl.recognition.onnx_recognizer import OnnxRecognizer

pytestmark = pytest.mark.slow
USERS_CACHE = cache_folder(None)  # before the tests get one of their own
ASK = """
const [frames, done] = arguments;
(async () => {
  const { loadNetwork } = await import("/recognise.js");
  const network = await loadNetwork("/model.onnx", "/facts.json");
  const numbers = Float32Array.from({ length: frames * 1662 }, (_, at) => ((at * 7919) % 1000) / 1000);
  done([network.words, await network.recognise(numbers)]);
})().catch((error) => done(String(error.stack ?? error)));
"""


@pytest.fixture(scope="module")
def runtime():
    try:
        return RUNTIME.fetch(USERS_CACHE / "web" / f"{RUNTIME.name}-{RUNTIME.version}")
    except InputError as error:
        pytest.skip(f"needs {error}")


def test_the_page_answers_as_python_does(runtime, tmp_path):
    frames = 91
    recognizer = Recognizer.load(network(tmp_path / "a.ckpt", seed=1, words=("no", "yes", "बुखार"), aspect=1.25))
    write_onnx(recognizer, tmp_path / "a.onnx")
    write_page(tmp_path / "a.onnx", tmp_path / "site", runtime)
    handler = partial(SimpleHTTPRequestHandler, directory=tmp_path / "site")
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with browser(tmp_path / "profile") as driver:
            driver.get(f"http://localhost:{server.server_port}")
            answer = driver.execute_async_script(ASK, frames)
        server.shutdown()
    assert isinstance(answer, list), answer
    clip = ((np.arange(frames * 1662) * 7919) % 1000 / 1000).astype(np.float32).reshape(frames, 1662)
    assert answer[0] == list(recognizer.words)
    np.testing.assert_allclose(answer[1], OnnxRecognizer(tmp_path / "a.onnx")(clip), atol=1e-4)
    np.testing.assert_allclose(answer[1], recognizer(clip), atol=1e-4)


def test_a_wrong_model_or_folder_is_one_line(runtime, tmp_path, capsys):
    (tmp_path / "a.onnx").write_bytes(b"nothing")
    assert main([str(tmp_path / "a.onnx"), "--folder", str(tmp_path / "site")]) == 2
    recognizer = Recognizer.load(network(tmp_path / "a.ckpt", seed=1))
    write_onnx(recognizer, tmp_path / "b.onnx")
    assert main([str(tmp_path / "b.onnx"), "--folder", str(tmp_path)]) == 2
    lines = [line for line in capsys.readouterr().err.strip().splitlines() if not line.startswith("fetching ")]
    assert len(lines) == 2 and "not an ONNX file" in lines[0] and "name a new folder" in lines[1]
