"""Who signed, by a certificate of Sigstore's, read with ``cryptography``. Layer: trust. Pure.

Source: RFC 5280; Fulcio's extensions (1.3.6.1.4.1.57264.1). The certificate is read, not believed.
The library is an extra, and is loaded when there is a certificate.
"""

from importlib.util import find_spec
from typing import Any, Final

from xconda_core.trust.attestation import Fit, Identify, Identity

_ISSUER: Final = "1.3.6.1.4.1.57264.1.8"  # a UTF8String in DER
_OLD_ISSUER: Final = "1.3.6.1.4.1.57264.1.1"  # bare text


def certificates() -> Identify | None:
    """Return what reads certificates; None where ``cryptography`` is not installed."""
    return _identify if find_spec("cryptography") else None


def _identify(der: bytes, message: bytes, signature: bytes) -> Identity:
    from cryptography import x509
    from cryptography.exceptions import UnsupportedAlgorithm

    try:
        found = x509.load_der_x509_certificate(der)
        fit = _fit(found.public_key(), message, signature)
        return Identity(_signer(found), _issuer(found), fit)
    except (UnsupportedAlgorithm, x509.DuplicateExtension) as error:
        raise ValueError(str(error)) from error


def _fit(key: object, message: bytes, signature: bytes) -> Fit:
    """Return whether ``signature`` of ``message`` was made with ``key``."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519

    try:
        if isinstance(key, ec.EllipticCurvePublicKey):
            digest = hashes.SHA384() if key.curve.key_size > 256 else hashes.SHA256()
            key.verify(signature, message, ec.ECDSA(digest))
        elif isinstance(key, ed25519.Ed25519PublicKey):
            key.verify(signature, message)
        else:
            return "unchecked"
    except InvalidSignature:
        return "wrong"
    return "fits"


def _signer(certificate: Any) -> str:
    """Return the address of the workflow or the person that ``certificate`` was given to."""
    from cryptography import x509

    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ""
    kinds = (x509.UniformResourceIdentifier, x509.RFC822Name)
    found = [str(name) for kind in kinds for name in names.get_values_for_type(kind)]
    return found[0] if found else ""


def _issuer(certificate: Any) -> str:
    """Return who vouched for the signer, as Fulcio wrote it down."""
    said: dict[str, bytes] = {
        each.oid.dotted_string: each.value.value
        for each in certificate.extensions
        if each.oid.dotted_string in {_ISSUER, _OLD_ISSUER}
    }
    new, old = said.get(_ISSUER, b""), said.get(_OLD_ISSUER, b"")
    return (new[_header(new) :] or old).decode(errors="replace")


def _header(der: bytes) -> int:
    """Return how long the tag and length before a DER text are."""
    return 2 + (der[1] & 0x7F if len(der) > 1 and der[1] & 0x80 else 0)
