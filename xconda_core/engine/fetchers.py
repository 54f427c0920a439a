"""What opens addresses, as the settings want it; a part of the wiring. Layer: engine.

Each kind of address has a fetcher of its own, whose module is imported when the first such address
is opened: requests costs 65 ms, botocore 100.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from xconda_core.cancel import CancelToken
from xconda_core.config.settings import Settings
from xconda_core.models.channel import Channel
from xconda_core.net.anaconda_tokens import read_tokens, token_folder, token_for
from xconda_core.net.connection import Connection, MoreHeaders
from xconda_core.net.fetcher import DeferredFetcher, Fetcher, Sign
from xconda_core.net.local import LocalFetcher
from xconda_core.net.mirrors import MirroredFetcher
from xconda_core.net.schemes import SchemeFetcher
from xconda_core.values import replace


def make_fetcher(
    settings: Settings,
    credentials: Mapping[str, str],
    mirrors: Mapping[str, Sequence[str]],
    login_files: tuple[Path | None, ...],
    cancel: CancelToken,
    more_headers: MoreHeaders | None,
    login_of: Callable[[str], Sign | None] | None,
) -> Fetcher:
    """Return what opens addresses; nothing is opened yet.

    Args:
        settings: The configuration.
        credentials: Address without credentials to the same address with them.
        mirrors: Address of a channel to those that are asked instead.
        login_files: Where logins that other tools stored may be.
        cancel: Ends waits between tries.
        more_headers: What says which headers a request has besides.
        login_of: What says which login of a plugin an address has.
    """
    connection = Connection(
        ssl_verify=settings.ssl_verify,
        proxies=settings.proxy_servers,
        client_cert=settings.client_ssl_cert,
        client_cert_key=settings.client_ssl_cert_key,
        connect_timeout=settings.remote_connect_timeout_secs,
        read_timeout=settings.remote_read_timeout_secs,
        max_retries=settings.remote_max_retries,
        backoff_factor=settings.remote_backoff_factor,
        connections=max(settings.repodata_threads, settings.fetch_threads),
        offline=settings.offline,
        credentials=credentials,
        login_files=login_files,
        wait=cancel.wait,
        more_headers=more_headers,
    )
    if login_of is not None:
        connection = replace(connection, login_of=login_of)
    fetcher = SchemeFetcher(
        DeferredFetcher(lambda: _http(connection)),
        {
            "file": LocalFetcher(),
            "s3": DeferredFetcher(lambda: _s3(connection)),
            "ftp": DeferredFetcher(lambda: _ftp(connection)),
        },
    )
    return MirroredFetcher(fetcher, mirrors) if mirrors else fetcher


def _http(connection: Connection) -> Fetcher:
    from xconda_core.net.session import RequestsFetcher

    return RequestsFetcher(connection)


def _s3(connection: Connection) -> Fetcher:
    from xconda_core.net.s3 import S3Fetcher

    return S3Fetcher(connection)


def _ftp(connection: Connection) -> Fetcher:
    from xconda_core.net.ftp import FtpFetcher

    return FtpFetcher(connection)


def stored_tokens(
    channels: Iterable[Channel], environ: Mapping[str, str], home: Path
) -> dict[str, str]:
    """Return the ``channels`` that `anaconda login` has a token for, to their address with it."""
    tokens = read_tokens(token_folder(environ, home))
    bare = [each for each in channels if not (each.auth or each.token)]
    found = {each: token_for(each.base_url, tokens) for each in bare} if tokens else {}
    return {
        each.base_url: replace(each, token=token).url_with_credentials("").rstrip("/")
        for each, token in found.items()
        if token
    }
