"""What others do within a transaction: plugins do, if any. Layer: transaction.

Who writes only by what he is handed leaves nothing behind in the environment where the transaction
is undone, or its process killed: that goes through the journal.
"""

from xconda_core.values import Protocol


class Writer(Protocol):
    """Writes files of the prefix through the journal of the transaction."""

    def write(self, path: str, content: bytes) -> None:
        """Replace the file ``path``, relative to the prefix, by ``content``."""


class Companions(Protocol):
    """Those who do something before and after the packages, in the same transaction."""

    def verify(self) -> None:
        """Look whether all of it can be done; nothing has changed yet.

        Raises:
            XcondaError: somebody does not want it.
        """

    def before(self, writer: Writer) -> None:
        """Do what comes before the packages.

        Raises:
            XcondaError: it failed, and with it the transaction.
        """

    def after(self, writer: Writer) -> None:
        """Do what comes after all else, before the new state counts.

        Raises:
            XcondaError: it failed, and with it the transaction.
        """

    def reverse(self) -> None:
        """Take back what was done: the environment is as it was. Must not raise."""

    def cleanup(self) -> None:
        """Clear up: the new state counts. Must not raise."""


class Nobody:
    """Nobody does anything."""

    def verify(self) -> None:
        """Agree."""

    def before(self, writer: Writer) -> None:
        """Do nothing."""

    def after(self, writer: Writer) -> None:
        """Do nothing."""

    def reverse(self) -> None:
        """Do nothing."""

    def cleanup(self) -> None:
        """Do nothing."""
