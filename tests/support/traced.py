"""Traces what a Python program touches outside its own work: deletions, connections, processes, and files elsewhere."""

from __future__ import annotations

import sys
from pathlib import Path

HOOK = """
import os, sys, tempfile

log = os.open(os.environ["TRACED_LOG"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
work = os.path.realpath(os.getcwd())
own = [os.path.realpath(path) for path in os.environ["TRACED_OWN"].split(os.pathsep)]
own += [work, "/proc/self", f"/proc/{os.getpid()}", "/dev/null"]
ALWAYS = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "socket.bind", "os.system",
          "subprocess.Popen", "os.exec", "os.posix_spawn", "os.fork", "os.forkpty", "os.kill", "ftplib.connect",
          "urllib.Request", "webbrowser.open")
DELETIONS = ("os.remove", "os.rmdir", "shutil.rmtree", "os.rename", "os.truncate", "os.chmod", "os.link", "os.symlink")

def inside(path, roots):
    try:
        path = os.path.realpath(os.fsdecode(path))
    except (TypeError, ValueError):
        return True  # a file descriptor
    return any(path == root or path.startswith(root + os.sep) for root in roots)

def watch(event, args):
    harm = event in ALWAYS
    if event in DELETIONS:
        place = args[-1] if len(args) > 1 and isinstance(args[-1], int) and args[-1] >= 0 else None
        folder = os.readlink(f"/proc/self/fd/{place}") if place is not None else work
        path = os.path.join(folder, os.fsdecode(args[0]))
        harm = not inside(path, [os.path.join(work, "outputs")])  # the record of a run that could not begin
    elif event == "open" and not isinstance(args[0], int):
        harm = not inside(args[0], own)
    if harm:
        os.write(log, f"{event} {str(args)[:200]}\\n".encode(errors="replace"))

sys.addaudithook(watch)
"""


def environment(folder: Path, log: Path) -> dict[str, str]:
    """Returns the variables that make Python trace itself into ``log``; the hook is written to ``folder``.

    Python's own files, those of its packages, and those of the working folder may be read.
    """
    folder.mkdir(exist_ok=True)
    (folder / "sitecustomize.py").write_text(HOOK)
    own = {sys.prefix, sys.base_prefix, *(path for path in sys.path if path), str(Path(__file__).parents[2])}
    return {"TRACED_LOG": str(log), "TRACED_OWN": ":".join(sorted(own | {str(folder)})), "PYTHONPATH": str(folder)}
