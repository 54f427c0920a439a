"""The thin client inside a kernel: standard library and IPython only, Python 3.8 and later."""
