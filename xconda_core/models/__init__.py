"""Nouns of the standards: values only, no files, network, clock or settings."""
