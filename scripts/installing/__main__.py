"""``python -m scripts.installing``."""

from __future__ import annotations

import sys

from scripts.installing.commands import main

sys.exit(main())
