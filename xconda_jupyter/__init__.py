"""xconda inside Jupyter: kernel client, launchers, panels, server extension.

Python 3.8 and later: a kernel of any environment may import this package.
"""

__version__ = "0.1.0"
