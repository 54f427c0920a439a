"""Make a server of the tests speak TLS, with a certificate of a CA of the test's own."""

import ssl
from pathlib import Path
from typing import Any

import trustme


def over_tls(server: Any, authority: trustme.CA, *names: str, clients: bool = False) -> str:
    """Let ``server`` speak TLS; return its address.

    Args:
        server: One of socketserver's, not yet asked anything.
        authority: Signs the server's certificate.
        names: Whose certificate it is; this machine's by default.
        clients: Only clients with a certificate of the same authority are served.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*(names or ("127.0.0.1", "localhost"))).configure_cert(context)
    if clients:
        context.verify_mode = ssl.CERT_REQUIRED
        authority.configure_trust(context)
    # Each connection shakes hands in its own thread: who accepts must wait for none of them.
    server.socket = context.wrap_socket(
        server.socket, server_side=True, do_handshake_on_connect=False
    )
    return f"https://127.0.0.1:{server.server_address[1]}"


def ca_file(authority: trustme.CA, folder: Path) -> str:
    """Write the authority's own certificate; return its path."""
    path = folder / "ca.pem"
    authority.cert_pem.write_to_path(path)
    return str(path)
