"""Real parts for tests, the demo and plugin authors (``docs/testing-kit.md``)."""
