"""What went wrong with a request, in words; requests' own would show the whole URL. Layer: net.

Sources: RFC 9110 (proxies and their logins), X.509 verification codes as OpenSSL numbers them.
"""

import re
import socket
import ssl
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import NameResolutionError, NewConnectionError

from xconda_core.net.failures import NetworkFailed
from xconda_core.net.proxies import shown as proxy_shown

_EXPIRED: Final = frozenset({9, 10})  # X509_V_ERR_CERT_NOT_YET_VALID, _HAS_EXPIRED
_OTHER_NAME: Final = frozenset({62, 64})  # X509_V_ERR_HOSTNAME_MISMATCH, _IP_ADDRESS_MISMATCH
_MANUAL: Final = "docs/network.md tells more."
_TRUST: Final = (
    "if your network inspects TLS, set `ssl_verify` to the file of its certificate, or to "
    f"`truststore` for what this system trusts; {_MANUAL}"
)
_PROXY: Final = f"check `proxy_servers`, HTTPS_PROXY and NO_PROXY; {_MANUAL}"
_LOGIN: Final = (
    "put a login into the proxy's address, http://USER:PASSWORD@HOST:PORT in `proxy_servers` of "
    f"your .condarc or in HTTPS_PROXY, with special characters percent-encoded; {_MANUAL}"
)
OWN_FILES: Final = f"check `ssl_verify`, `client_ssl_cert` and its key; {_MANUAL}"
# What OpenSSL says of our own files.
_NO_PAIR: Final = ("PEM lib", "NO_CERTIFICATE_OR_CRL_FOUND", "KEY_VALUES_MISMATCH", "NO_START_LINE")
_CLIENT: Final = (
    "set `client_ssl_cert`, and `client_ssl_cert_key` where the key is a file of its own."
)


def may_pass(error: requests.RequestException) -> bool:
    """Whether the same request may get another answer a moment later."""
    if isinstance(error, requests.exceptions.SSLError) or _alert(error):
        return _broke_off(error) and not _alert(error)
    if isinstance(error, requests.exceptions.ProxyError):
        status = _tunnel_status(error)
        return status is None or status in {408, 429, 500, 502, 503, 504}
    return isinstance(
        error,
        requests.ConnectionError | requests.Timeout | requests.exceptions.ChunkedEncodingError,
    )


def failure_of_request(
    error: requests.RequestException, shown: str, limits: tuple[float, float], proxy: str = ""
) -> NetworkFailed:
    """Return ``error`` in words.

    Args:
        error: What requests raised.
        shown: Address that was asked, without credentials.
        limits: Seconds to wait for a connection, and for the next bytes.
        proxy: Address of the proxy that it went through.
    """
    host = urlsplit(shown).hostname
    if isinstance(error, requests.exceptions.SSLError) or _alert(error):
        return _tls_failure(error, shown, host)
    if isinstance(error, requests.exceptions.ProxyError):
        return _proxy_failure(error, shown, proxy)
    if isinstance(error, requests.ConnectTimeout):
        return NetworkFailed(shown, f"no connection to {host} within {limits[0]:g} seconds")
    if isinstance(error, requests.Timeout):
        return NetworkFailed(shown, f"{host} sent nothing for {limits[1]:g} seconds")
    if isinstance(error, requests.ConnectionError):
        return NetworkFailed(shown, connection_cause(error, host or shown))
    return _request_failure(error, shown, host)


def _request_failure(
    error: requests.RequestException, shown: str, host: str | None
) -> NetworkFailed:
    """Return in words what was wrong before anybody was asked, or with what was answered."""
    if isinstance(error, requests.TooManyRedirects):
        return NetworkFailed(shown, f"{host} sends the request round in circles")
    if isinstance(error, requests.exceptions.InvalidSchema) and "SOCKS" in str(error):
        fix = "install PySocks beside xconda, or take an HTTP proxy."
        return NetworkFailed(shown, "the proxy is a SOCKS proxy, which needs PySocks", fix)
    if isinstance(error, requests.exceptions.InvalidProxyURL):
        return NetworkFailed(shown, "the address of the proxy is none", _PROXY)
    return NetworkFailed(
        shown, "this is not an address that can be fetched", "check the channel's address."
    )


def login_wanted(shown: str, proxy: str, offered: str = "") -> NetworkFailed:
    """Return that a proxy answered 407.

    Args:
        shown: Address that was asked, without credentials.
        proxy: Address of the proxy.
        offered: What it said of logins (``Proxy-Authenticate``).
    """
    known = {word.lower() for word in re.findall(r"(?:^|,)\s*([\w-]+)(?=\s|$|,)", offered)}
    place = proxy_shown(proxy)
    if known and "basic" not in known:
        cause = (
            f"the proxy {place} wants a login by {' or '.join(sorted(known))}; xconda knows basic"
        )
        fix = f"run a proxy of your own that does this, such as px or cntlm, and name it; {_MANUAL}"
        return NetworkFailed(shown, cause, fix)
    words = "does not accept the login in its address" if "@" in proxy else "wants a login"
    return NetworkFailed(shown, f"the proxy {place} {words} (407)", _LOGIN)


def connection_cause(error: BaseException, host: str) -> str:
    """Return in words why there is no connection to ``host``."""
    causes = list(_causes(error))
    if any(isinstance(cause, NameResolutionError | socket.gaierror) for cause in causes):
        return f"the name {host} could not be resolved: no network, or a wrong name"
    if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        return f"{host} refused the connection"
    for cause in causes:
        if isinstance(cause, OSError) and cause.strerror:
            return f"the connection to {host} failed: {cause.strerror.lower()}"
    if any(isinstance(cause, NewConnectionError) for cause in causes):
        return f"no connection to {host} could be made"
    return f"{host} closed the connection without an answer"


def _proxy_failure(error: BaseException, shown: str, proxy: str) -> NetworkFailed:
    status, place = _tunnel_status(error), proxy_shown(proxy)
    if status == 407:
        return login_wanted(shown, proxy)
    if status is not None:
        cause = f"the proxy {place} did not let the request through: it answered {status}"
        return NetworkFailed(shown, cause, _PROXY)
    cause = connection_cause(error, f"the proxy {place}")
    return NetworkFailed(shown, cause, _PROXY)


def _tunnel_status(error: BaseException) -> int | None:
    """Return what a proxy answered that did not open a tunnel; http.client has it in words only."""
    for cause in _causes(error):
        found = re.match(r"Tunnel connection failed: (\d{3})\b", str(cause))
        if found:
            return int(found[1])
    return None


def _tls_failure(error: BaseException, shown: str, host: str | None) -> NetworkFailed:
    *_, last = _causes(error)
    alert = _alert(error)
    if alert:
        cause = f"{host} broke off ({alert}): it wants a client certificate, or another one"
        return NetworkFailed(shown, cause, _CLIENT)
    if _broke_off(error):
        cause = f"{host} broke off TLS without a word: it may want a client certificate"
        return NetworkFailed(shown, cause, f"{_CLIENT} A firewall can do this, too: {_MANUAL}")
    if "Client private key is encrypted" in str(error):
        fix = "name a key without one: `openssl pkey -in KEY -out KEY-WITHOUT`."
        return NetworkFailed(shown, "the key of `client_ssl_cert` has a passphrase", fix)
    if any(sign in str(error) for sign in _NO_PAIR):
        cause = "a file holds no certificate or key in PEM, or the two are not a pair"
        return NetworkFailed(shown, cause, OWN_FILES)
    said = getattr(last, "verify_message", "") or getattr(last, "reason", "") or "TLS failed"
    cause = f"the identity of {host} could not be verified: {said}"
    code = getattr(last, "verify_code", None)
    fix = _TRUST
    if code in _EXPIRED:
        fix = "check the clock of this machine; if it is right, whoever runs that server must act."
    elif code in _OTHER_NAME:
        fix = f"check the address; a login page of your network can answer like this. {_MANUAL}"
    return NetworkFailed(shown, cause, fix)


def _alert(error: BaseException) -> str:
    """Return what a server says with which our own certificate does not do, empty for nothing."""
    for cause in _causes(error):
        reason = cause.reason if isinstance(cause, ssl.SSLError) else None
        if isinstance(reason, str) and re.search(
            r"ALERT_(CERTIFICATE_REQUIRED|UNKNOWN_CA|BAD_CERTIFICATE|HANDSHAKE_FAILURE)", reason
        ):
            return reason.partition("ALERT_")[2].replace("_", " ").lower()
    return ""


def _broke_off(error: BaseException) -> bool:
    """Whether a server closed the connection in the middle of TLS."""
    return any(
        isinstance(cause, ssl.SSLEOFError | ssl.SSLZeroReturnError) for cause in _causes(error)
    )


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield ``error`` and everything that it was raised from or carries, outermost first."""
    found: BaseException | None = error
    while found is not None:
        yield found
        inner = [arg for arg in found.args if isinstance(arg, BaseException)]
        reason = getattr(found, "reason", None)
        if isinstance(reason, BaseException):
            inner.append(reason)
        found = inner[0] if inner else found.__cause__ or found.__context__
