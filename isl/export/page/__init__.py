"""Serves an example page that runs an exported network with onnxruntime-web: no server computes anything.

``python -m isl.export.page model.onnx`` fetches onnxruntime-web once with npm and opens the page on this machine.
``--folder site`` writes the page's files instead, for any web server.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from isl.errors import InputError
from isl.recognition.onnx_recognizer import OnnxRecognizer
from isl.web.npm import NpmPackage

HERE = Path(__file__).parent
RUNTIME = NpmPackage(  # MIT
    name="onnxruntime-web",
    version="1.30.0",
    sha512="q0y+JrrtukXSzsBWEMccVfqX25LRmosXHF+CaRJmg8pZClzcV7svNc4rKY3jL02Vb7QmRMDs1SigqR4CXAfKYQ==",
    files=("dist/ort.wasm.min.mjs", "dist/ort-wasm-simd-threaded.mjs", "dist/ort-wasm-simd-threaded.wasm"),
    megabytes=33,
    option="runtime",
)


def write_page(model: Path, folder: Path, runtime: Path) -> None:
    """Write the page, the network, its words and onnxruntime-web to ``folder``, which must be new or empty.

    Args:
        model: an ONNX file of isl-export.
        folder: where any web server may serve them from.
        runtime: the folder of onnxruntime-web's files, see ``RUNTIME.fetch``.

    Raises:
        InputError: the model is not one of isl-export, or the folder has files in it.
    """
    network = OnnxRecognizer(model)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(f"folder={folder}: has files in it; name a new folder")
    folder.mkdir(parents=True, exist_ok=True)
    facts = {"words": network.words, "aspect": network.aspect, "reject": network.reject, "seconds": network.seconds}
    (folder / "facts.json").write_text(json.dumps(facts, ensure_ascii=False), encoding="utf-8")
    shutil.copyfile(model, folder / "model.onnx")
    for file in (HERE / "index.html", HERE / "recognise.js", *runtime.iterdir()):
        shutil.copyfile(file, folder / file.name)
