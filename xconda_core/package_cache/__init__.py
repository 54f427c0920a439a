"""Archives and extracted packages, verified. Knows nothing of repodata."""
