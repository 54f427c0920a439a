"""Real parts for tests, the demo and plugin authors: a channel builder and its server."""
