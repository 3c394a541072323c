"""`python -m patron` is the command line."""

from __future__ import annotations

import sys

from patron.faces.cli.main import main

sys.exit(main())
