"""What xconda calls itself before servers. Layer: net. Source: RFC 9110, section 10.1.5."""

import platform

from xconda_core import __version__


def user_agent(requests_version: str) -> str:
    """Return the products that ask, xconda first; ``requests_version`` is that of requests."""
    return (
        f"xconda/{__version__} requests/{requests_version} "
        f"{platform.python_implementation()}/{platform.python_version()} "
        f"{platform.system()}/{platform.release()}"
    )
