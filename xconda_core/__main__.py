"""``python -m xconda_core`` is ``xconda``."""

import sys

from xconda_core.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
