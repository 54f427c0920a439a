"""Why bytes did not come, in words. Layer: net. Source: RFC 9110, section 15 (status codes)."""

from typing import ClassVar, Final
from urllib.parse import urlsplit

from xconda_core.errors import XcondaError


class NetworkFailed(XcondaError):
    """No usable answer came, after every retry.

    Attributes:
        url: Address that was asked, without credentials.
        cause: In human words, how it failed.
        broke_off: A part had arrived; the request may be sent again at once.
    """

    code: ClassVar[str] = "network-failed"

    def __init__(self, url: str, cause: str, fix: str = "", *, broke_off: bool = False) -> None:
        super().__init__(url, cause)
        self.url, self.cause, self.broke_off = url, cause, broke_off
        host = _host(url)
        self.what = f"Nothing could be fetched from {host}."
        self.why = f"{cause} ({url})."
        self.fix = fix or "check the network and the proxy settings; then run it again."


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or url
    except ValueError:  # a bracket is not closed
        return url


class Offline(XcondaError):
    """The network was needed and may not be used."""

    code: ClassVar[str] = "offline"

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.url = url
        self.what = f"{url} was not fetched."
        self.why = "xconda is offline (`--offline`, or `offline: true` in a .condarc)."
        self.fix = "run it again without `--offline`."


class HttpRefused(XcondaError):
    """A server answered, and the answer is no.

    Attributes:
        url: Address that was asked, without credentials.
        status: HTTP status of the answer.
    """

    code: ClassVar[str] = "http-refused"

    def __init__(self, url: str, status: int) -> None:
        super().__init__(url, status)
        self.url, self.status = url, status
        parts = urlsplit(url)
        self.what = f"{parts.hostname or url} did not give {parts.path.rsplit('/', 1)[-1] or url}."
        cause, self.fix = _WORDS.get(status, (status_name(status), _ASK))
        self.why = f"{cause} ({url}, HTTP {status})."


class DownloadDamaged(XcondaError):
    """What arrived is not what the channel describes.

    Attributes:
        url: Where it came from, without credentials.
        fact: ``size``, ``sha256`` or ``md5``: what differs.
        promised: What the channel says.
        actual: What arrived.
    """

    code: ClassVar[str] = "download-damaged"

    def __init__(self, url: str, fact: str, promised: str, actual: str) -> None:
        super().__init__(url, fact, promised, actual)
        self.url, self.fact, self.promised, self.actual = url, fact, promised, actual
        self.what = f"{url.rsplit('/', 1)[-1]} was not kept: it arrived damaged."
        self.why = f"{url} sent {fact} {actual}; the channel promises {promised}."
        self.fix = "run it again; if it repeats, that mirror is damaged: take another channel."


_ASK: Final = "ask whoever runs that server, or use another channel."
_WORDS: Final = {
    401: (
        "it wants to know who you are, and nothing or something wrong was sent",
        (
            "give the channel's address a token (https://HOST/t/TOKEN/CHANNEL) or a user name and "
            "password, or put them into ~/.netrc; a token may have run out."
        ),
    ),
    403: (
        "it does not let you have this",
        "check that your token or login covers the channel; a firewall can answer like this too.",
    ),
    404: (
        "it has no such file",
        (
            "check the channel's name; if the channel lists this file, its mirror is out of date: "
            "try again later, or another mirror."
        ),
    ),
    407: (
        "the proxy on the way wants a login",
        (
            "put it into `proxy_servers` of your .condarc: http://USER:PASSWORD@HOST:PORT, with "
            "special characters percent-encoded."
        ),
    ),
    410: ("it had this file and took it away", _ASK),
    429: ("too many requests came from here", "wait some minutes; then run it again."),
    451: ("it may not give this away for legal reasons", "use another channel."),
}


def status_name(status: int) -> str:
    """Return what the standard calls ``status``, in lower case; ``an unknown answer`` otherwise."""
    from http import HTTPStatus  # only a failure pays for it

    try:
        return HTTPStatus(status).phrase.lower()
    except ValueError:
        return "an unknown answer"
