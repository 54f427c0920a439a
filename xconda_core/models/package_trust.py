"""Whether packages are signed, as plans carry it to every surface. Layer: models (values only)."""

from typing import Literal

from xconda_core.values import Slotted, dataclass

TrustStatus = Literal["signed", "unsigned", "unchecked", "wrong"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageTrust(Slotted):
    """What is known of one package's signature.

    Attributes:
        name: The package.
        dist_name: Its name, version and build.
        status: ``signed``: by enough of the keys that count, for exactly this archive;
            ``unsigned``: its channel has no signature of it; ``wrong``: it has some, and they do
            not stand for this archive; ``unchecked``: it could not be found out.
        why: Why, in a few words; empty where it is signed.
        keys: The keys that signed it, in hexadecimal.
    """

    name: str
    dist_name: str
    status: TrustStatus
    why: str = ""
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust(Slotted):
    """What is known of the signatures of all that a plan brings.

    Attributes:
        source: ``signing_metadata_url_base``; empty where it is not set.
        root_version: Number of the root that is believed; None: none is.
        root_expires: The day on which it expires (UTC); empty without one.
        problem: Why nothing could be checked, or a newer root is not believed; empty: all is well.
        code: The code of the error behind ``problem``.
        packages: In name order.
        words: All of this in lines for people.
    """

    source: str = ""
    root_version: int | None = None
    root_expires: str = ""
    problem: str = ""
    code: str = ""
    packages: tuple[PackageTrust, ...] = ()
    words: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether everything is signed, and nothing else is to be said."""
        return not self.problem and len(self.of("signed")) == len(self.packages)

    def of(self, status: TrustStatus) -> tuple[PackageTrust, ...]:
        """Return the packages with this status."""
        return tuple(each for each in self.packages if each.status == status)
