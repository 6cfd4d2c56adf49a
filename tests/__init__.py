"""The tests, and the kit they share.

Whoever runs them, bytecode is kept: without it every process compiles all it imports, and tests start many.
"""

import os
import sys

sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
