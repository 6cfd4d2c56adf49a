"""How long a test waits for something that has to come."""

from __future__ import annotations

PATIENCE = 60.0  # seconds until it gives up; they cost nothing where all is well
