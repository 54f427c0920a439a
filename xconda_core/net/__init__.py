"""Bytes from URLs: sessions, authentication, downloads."""
