"""One document that fits into memory, read as far as it may be long. Layer: net."""

from xconda_core.cancel import CancelToken
from xconda_core.models.channel import without_credentials
from xconda_core.net.failures import HttpRefused
from xconda_core.net.fetcher import Fetcher


def small_document(url: str, fetcher: Fetcher, cancel: CancelToken, most: int) -> bytes:
    """Return what the server has at ``url``.

    Of a document of more than ``most`` bytes no more is read than shows that it is too long: who
    gets more than ``most`` bytes judges so.

    Raises:
        HttpRefused: the server answers anything but 200.
        NetworkFailed: there is no answer.
        Cancelled: somebody asked to stop.
    """
    with fetcher.open(url) as response:
        if response.status != 200:
            raise HttpRefused(without_credentials(url), response.status)
        content = bytearray()
        for chunk in response.chunks:
            cancel.check()
            content += chunk
            if len(content) > most:
                break
        return bytes(content)
