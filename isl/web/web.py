"""Runs ``live.py display=web`` step by step."""

from __future__ import annotations

import errno
import socket
from pathlib import Path
from typing import Any

import uvicorn
from omegaconf import DictConfig
from starlette.applications import Starlette

from isl import console
from isl.config.options import switch, whole
from isl.data.cache import cache_folder
from isl.data.recording import check_root
from isl.errors import InputError, reason_of
from isl.landmarks import Floats
from isl.recognition.acceptance import top
from isl.recognition.assembly import build_conversation, build_stream
from isl.recognition.configs import trusted_packages
from isl.recognition.conversation import Conversation
from isl.recognition.introduction import NOT_CALIBRATED, print_recognizer
from isl.recognition.locate import checkpoint_paths
from isl.recognition.serving import load_recognizer
from isl.recognition.signed import how_signed
from isl.web.assets import holistic_folder
from isl.web.certificate import certificate, own_address
from isl.web.messages import LARGEST_MESSAGE
from isl.web.punctual import PunctualProtocol
from isl.web.security import LOOPBACK, kept_key
from isl.web.server import Site
from isl.web.shared_network import SharedNetwork
from isl.web.takes import Recordings, Takes
from isl.web.teaching import Teacher
from isl.web.uploads import FileDesk
from isl.web.visit import ServerFacts, Visit, reads_face


class Web:
    """One call of ``live.py display=web``. Call ``introduce``, ``run`` and ``summary`` in that order."""

    def __init__(self, cfg: DictConfig) -> None:
        self.cfg = cfg
        self.host, self.port = _host(cfg.web.host), whole(cfg.web.port, "web.port", most=65535)
        self.folder = cache_folder(None) / "web"
        self.local = self.host in LOOPBACK
        root = _record_root(cfg.web.record)
        self.key = _key(cfg.web.key, self.local and root is None, self.folder)
        self.tls = switch(cfg.web.tls, "web.tls")
        holistic = holistic_folder(cfg.web.holistic, self.folder)
        names = ["localhost", "127.0.0.1", *([] if self.local else [own_address()])]
        self.pem = certificate(cfg.web.cert, names, self.folder) if self.tls else None
        self.own_pem = cfg.web.cert is not None
        self.socket = _listen(self.host, self.port)
        self.checkpoints = checkpoint_paths(cfg.ckpt_path)
        self.recognizer = load_recognizer(self.checkpoints, cfg.shifts, trusted_packages(cfg.trusted))
        self.first = build_conversation(cfg)  # checks the options; all pages share its writer
        self.recordings = Recordings(root, self.recognizer.words) if root is not None else None
        self._visit()  # checks the options of the stream
        self.network = SharedNetwork(self.facts(), self._visit)
        files = FileDesk(lambda: self._visit().interpreter, self._recognise, self.network.facts.face)
        self.site = Site(self.network, holistic, files, self.recordings is not None, self._teacher())

    def _visit(self) -> Visit:
        """Returns the stream and the conversation of a new page."""
        own = Conversation(self.first.writer, context=list(self.first.context), pause=self.first.pause)
        takes = Takes(self.recordings) if self.recordings is not None else None
        return Visit(build_stream(self.cfg, self.recognizer), own, takes)

    def _recognise(self, clip: Floats, aspect: float) -> list[tuple[str, float]]:
        return top(self.recognizer(clip, aspect), self.recognizer.words)

    def _teacher(self) -> Teacher | None:
        """Returns the teacher; None if pages don't record, or if the network is an ensemble or an ONNX file."""
        single = len(self.checkpoints) == 1 and self.checkpoints[0].suffix.lower() != ".onnx"
        if self.recordings is None or not single:
            return None
        return Teacher(self.recordings.root, self.checkpoints[0], trusted_packages(self.cfg.trusted), self._adopt)

    def _adopt(self, path: Path) -> list[str]:
        """Use the checkpoint at ``path`` from now on. Returns the words that the old network did not know."""
        assert self.recordings is not None
        old = self.recognizer.words
        self.recognizer = load_recognizer([path], self.cfg.shifts, trusted_packages(self.cfg.trusted))
        self.checkpoints, self.recordings.words = [path], list(self.recognizer.words)
        self.network.replace(self.facts())
        return [word for word in self.recognizer.words if word not in old]

    def facts(self) -> ServerFacts:
        """The words of the present network, and what a page needs to know of it."""
        words = [word for word in self.recognizer.words if not word.startswith("_")]
        hindi = {word: name for word, name in zip(words, self.first.hindi(words), strict=True) if name != word}
        signed = how_signed(self.checkpoints[0], getattr(self.recognizer, "about", {}), words)
        calibrated = NOT_CALIBRATED not in self.recognizer.description
        return ServerFacts(words, self.recognizer.seconds, reads_face(self.recognizer), hindi, signed, calibrated)

    @property
    def address(self) -> str:
        """The address to open in a browser, with the key if there is one."""
        name = "localhost" if self.local else own_address()
        port = self.socket.getsockname()[1]
        return f"{'https' if self.tls else 'http'}://{name}:{port}/" + (f"?key={self.key}" if self.key else "")

    def introduce(self) -> None:
        """Print the recogniser, what it assumes, and the address of the page."""
        print_recognizer(self.recognizer, self.checkpoints)
        console.out.print(f"open {self.address}", style="bold", soft_wrap=True)
        if self.tls and self.pem is not None and not self.own_pem:
            console.out.print("the browser warns of the certificate once: it is this program's own", style="dim")
        if self.site.holistic is None:
            console.out.print(
                "pictures go to this server; web.holistic=fetch lets the page find landmarks itself (30 MB, once)",
                style="dim",
                soft_wrap=True,
            )
        if self.recordings is not None:
            console.out.print(f"pages may record new signs in {self.recordings.root}/", soft_wrap=True)
        console.out.print("Ctrl-C ends it", style="dim")

    def run(self) -> None:
        """Serve until Ctrl-C."""
        self.first.writer.start()
        uvicorn.Server(serving(self.site.app(self.key, self.local), self.pem)).run(sockets=[self.socket])

    def summary(self) -> None:
        """Print nothing, because no result is kept."""


def serving(app: Starlette, pem: Path | None = None) -> uvicorn.Config:
    """Returns the configuration of the server, for the program and for tests."""
    return uvicorn.Config(
        app,
        http=PunctualProtocol,
        ws="websockets-sansio",
        ws_max_size=LARGEST_MESSAGE,
        ws_per_message_deflate=False,  # a small compressed message could expand to a large one
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=2,
        ssl_certfile=pem,
    )


def _host(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise InputError(f"web.host={value}: give localhost, 0.0.0.0 or an address of this machine")
    return value.strip()


def _record_root(value: Any) -> Path | None:
    if value is None:
        return None
    if not isinstance(value, str) or not value.strip():
        raise InputError(f"web.record={value}: give the folder of a dataset, such as data/recorded")
    root = Path(value).expanduser()
    check_root(root, "web.record")
    return root


def _key(value: Any, local: bool, folder: Path) -> str:
    if value is None:
        return "" if local else kept_key(folder / "key")
    key = str(value)
    if len(key) < 8 or not key.isalnum():
        raise InputError(f"web.key={value}: give at least 8 letters and digits, or null for one that is made up")
    return key


def _listen(host: str, port: int) -> socket.socket:
    """Returns the socket that browsers connect to.

    Raises:
        InputError: the port is taken, or the host is not an address of this machine.
    """
    try:
        return socket.create_server((host, port), backlog=128)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise InputError(f"web.port={port}: another program has it; give another, such as {port + 1}") from None
        reason = reason_of(error)
        raise InputError(f"web.host={host} web.port={port}: can't be opened ({reason})") from None
