"""`python -m suasion`."""

from suasion.cli.main import main

raise SystemExit(main())
