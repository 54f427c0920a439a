"""One file per command: arguments -> request -> engine -> reporter. Imported when chosen."""
