"""Settings as a value: configuration files, environment variables, overrides, and their origins."""
