"""https: a certificate that is made once, or one's own."""

from __future__ import annotations

import ssl

import httpx
import pytest
from support.pages import drawn_site, served

from isl.errors import InputError
from isl.web.certificate import certificate

NAMES = ["localhost", "127.0.0.1"]


def test_a_made_certificate_serves_and_is_kept(tmp_path):
    pem = certificate(None, NAMES, tmp_path)
    assert certificate(None, NAMES, tmp_path).read_bytes() == pem.read_bytes()
    assert pem.stat().st_mode & 0o077 == 0
    with served(drawn_site(), pem=pem) as port:
        assert httpx.get(f"https://localhost:{port}/health", verify=False).json()["status"] == "ok"


def test_another_address_gets_another_one(tmp_path):
    assert certificate(None, NAMES, tmp_path) != certificate(None, [*NAMES, "192.0.2.7"], tmp_path)


def test_one_s_own_is_used(tmp_path):
    own = certificate(None, NAMES, tmp_path)
    assert certificate(str(own), NAMES, tmp_path / "elsewhere") == own
    ssl.create_default_context().load_cert_chain(own)


@pytest.mark.parametrize("content", [None, b"", b"no certificate"])
def test_a_file_that_is_no_certificate_is_refused(tmp_path, content):
    path = tmp_path / "own.pem"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=r"web\.cert="):
        certificate(str(path), NAMES, tmp_path)
