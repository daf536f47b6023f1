"""Provides the certificate of https: the user's own, or one that is made and kept."""

from __future__ import annotations

import datetime
import socket
import ssl
from pathlib import Path
from typing import Any

from isl.errors import InputError, reason_of
from isl.files import read_file, replacing

MOST_BYTES = 2**20  # of a certificate
DAYS = 365  # phones refuse certificates that live longer than 398


def certificate(own: Any, names: list[str], folder: Path) -> Path:
    """Returns a PEM file with a certificate and its key.

    A certificate that is made here is kept, so that a phone has to accept it only once. A new one is made when the old
    one expires soon or the machine has another address.

    Args:
        own: the user's own file, or None.
        names: the addresses that the certificate is made for.
        folder: the folder in which the certificate is kept.

    Raises:
        InputError: the user's own file is not a PEM file with a certificate and its key.
    """
    if own is None:
        path = folder / f"certificate-{'_'.join(names)}.pem"
        if not _is_good(path):
            _make(path, names)
        return path
    path = Path(str(own)).expanduser()
    read_file(path, MOST_BYTES, f"web.cert={path}")
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(path)
    except (OSError, ssl.SSLError) as error:
        reason = reason_of(error)
        raise InputError(f"web.cert={path}: give a .pem file with a certificate and its key ({reason})") from None
    return path


def _is_good(path: Path) -> bool:
    if not path.is_file():
        return False
    age = datetime.datetime.now().timestamp() - path.stat().st_mtime
    return age < (DAYS - 30) * 86400


def _make(path: Path, names: list[str]) -> None:
    import trustme

    until = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=DAYS)
    made = trustme.CA().issue_cert(*names, not_after=until)
    with replacing(path) as unfinished:
        made.private_key_and_cert_chain_pem.write_to_path(str(unfinished))
        unfinished.chmod(0o600)


def own_address() -> str:
    """Returns the address of this machine in the local network. Sends no data."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("10.255.255.255", 1))
            return str(probe.getsockname()[0])
        except OSError:
            return socket.gethostname()
