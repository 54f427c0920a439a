"""A small S3 server on this machine: a folder's files, signatures checked. Layer: testing.

Source: AWS Signature Version 4, worked out here from the raw request alone.
"""

import hashlib
import hmac
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qsl, quote, unquote, urlsplit


class S3Server(ThreadingHTTPServer):
    """Serves ``folder/BUCKET/KEY``.

    Attributes:
        logins: Access key to secret key.
        session_token: What must come with it; empty: nothing.
        public: Whether unsigned requests are served, too.
        lists: Whether a login may know what is not there; else that is forbidden.
        fails: Statuses that the next requests are answered with.
        asked: Path and headers of each request.
    """

    daemon_threads = True
    block_on_close = False

    def __init__(self, folder: Path) -> None:
        """Take a free port for the files of ``folder``; nothing is answered yet."""
        super().__init__(("127.0.0.1", 0), _Handler)
        self.folder = folder
        self.logins = {"AKIDEXAMPLE": "s3cr3t/Key+"}
        self.session_token = ""
        self.public, self.lists = False, True
        self.fails: list[int] = []
        self.asked: list[tuple[str, dict[str, str]]] = []

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def environ(self) -> dict[str, str]:
        """The environment variables of a client that asks this server, with its first login."""
        access, secret = next(iter(self.logins.items()))
        return {
            "AWS_ACCESS_KEY_ID": access,
            "AWS_SECRET_ACCESS_KEY": secret,
            "AWS_DEFAULT_REGION": "eu-central-1",
            "AWS_ENDPOINT_URL_S3": self.url,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "NO_PROXY": "127.0.0.1",
        }

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: clients break off as they like."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: S3Server

    def do_GET(self) -> None:
        """Answer with a file, or with an error of S3."""
        headers = {name.lower(): text for name, text in self.headers.items()}
        self.server.asked.append((self.path, headers))
        if self.server.fails:
            self._refuse(self.server.fails.pop(0), "SlowDown")
        elif "authorization" in headers or not self.server.public:
            problem = self._problem(headers)
            if problem:
                self._refuse(403, problem)
            else:
                self._serve(headers)
        else:
            self._serve(headers)

    def _problem(self, headers: dict[str, str]) -> str:
        """Return the S3 error code of a wrong signature, empty for a right one."""
        found = re.fullmatch(
            r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([\w-]+)/s3/aws4_request, "
            r"SignedHeaders=([\w;-]+), Signature=([0-9a-f]{64})",
            headers.get("authorization", ""),
        )
        if not found:
            return "AccessDenied"
        access, day, region, signed, signature = found.groups()
        if access not in self.server.logins:
            return "InvalidAccessKeyId"
        if headers.get("x-amz-security-token", "") != self.server.session_token:
            return "InvalidToken"
        parts = urlsplit(self.path)
        query = "&".join(
            f"{quote(n, '')}={quote(v, '')}" for n, v in sorted(parse_qsl(parts.query))
        )
        lines = [f"{name}:{' '.join(headers[name].split())}\n" for name in signed.split(";")]
        request = "\n".join(
            ["GET", parts.path, query, "".join(lines), signed, headers["x-amz-content-sha256"]]
        )
        scope = f"{day}/{region}/s3/aws4_request"
        digest = hashlib.sha256(request.encode()).hexdigest()
        text = f"AWS4-HMAC-SHA256\n{headers['x-amz-date']}\n{scope}\n{digest}"
        key = f"AWS4{self.server.logins[access]}".encode()
        for word in (day, region, "s3", "aws4_request"):
            key = hmac.digest(key, word.encode(), "sha256")
        expected = hmac.new(key, text.encode(), "sha256").hexdigest()
        return "" if hmac.compare_digest(expected, signature) else "SignatureDoesNotMatch"

    def _serve(self, headers: dict[str, str]) -> None:
        path = self.server.folder / unquote(urlsplit(self.path).path).lstrip("/")
        if not path.is_file():
            status, code = (404, "NoSuchKey") if self.server.lists else (403, "AccessDenied")
            self._refuse(status, code)
            return
        content = path.read_bytes()
        etag = f'"{hashlib.md5(content).hexdigest()}"'
        if headers.get("if-none-match") == etag:
            self.send_response(304)
            self.end_headers()
            return
        found = re.fullmatch(r"bytes=(\d+)-", headers.get("range", ""))
        start = int(found[1]) if found else 0
        if start >= len(content) > 0:
            self._refuse(416, "InvalidRange")
            return
        self.send_response(206 if found else 200)
        if found:
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        self.send_header("ETag", etag)
        self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        self.wfile.write(content[start:])

    def _refuse(self, status: int, code: str) -> None:
        body = f"<Error><Code>{code}</Code><Message>no</Message></Error>".encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Write no log."""


@contextmanager
def an_s3_server(folder: Path) -> Iterator[S3Server]:
    """Serve ``folder`` while the block runs: ``s3://BUCKET/KEY`` is its file ``BUCKET/KEY``."""
    with S3Server(folder) as server:
        Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server
        server.shutdown()
