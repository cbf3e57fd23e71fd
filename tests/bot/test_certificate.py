"""`skm doctor` says when the certificate of the public address ends."""

import ssl
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot.commands.upkeep.certificate import certificate


def certified(folder: Path, ends: datetime) -> ssl.SSLContext:
    """A server's, of a certificate for localhost that it signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(ends)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "cert.pem").write_bytes(made.public_bytes(pem))
    plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "key.pem").write_bytes(key.private_bytes(pem, *plain))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


@pytest.mark.parametrize(
    ("days", "is_right", "says"),
    [
        (40, True, "ends in 39 days"),
        (13, False, "ends in 12 days. Renew it."),
        (-1, False, "is refused: certificate has expired. Renew it"),
    ],
)
def test_the_end_of_the_certificate(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, days: int, is_right: bool, says: str
) -> None:
    ends = datetime.now(UTC) + timedelta(days=days)
    context = certified(tmp_path, ends)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))  # as if an authority had signed
    with ThreadingHTTPServer(("localhost", 0), BaseHTTPRequestHandler) as server:
        server.handle_error = lambda *_: None  # type: ignore[method-assign]
        server.socket = context.wrap_socket(server.socket, server_side=True)
        Thread(target=server.serve_forever).start()
        (found,) = certificate(f"https://localhost:{server.server_port}")
        server.shutdown()
    assert (found.is_right, says in found.says) == (is_right, True), found.says


def test_a_public_address_that_is_not_reached_from_here_accuses_nobody() -> None:
    (found,) = certificate("https://localhost:1")
    assert found.is_right
    assert "not reached from here (Connection refused)" in found.says
    assert [*certificate("http://localhost:1"), *certificate("")] == []
