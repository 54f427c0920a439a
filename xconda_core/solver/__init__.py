"""Which packages: pure search over an index. No network, no disk."""
