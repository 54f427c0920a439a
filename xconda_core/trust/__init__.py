"""Whom to believe about packages: signed metadata, and attestations. Layer: trust. Pure.

Values in, verdicts out: no network, no disk, no clock. Sources: conda-content-trust's metadata 0.6
(after The Update Framework), CEP 27.
"""
