"""`python -m suasion.cli`."""

from suasion.cli.main import main

raise SystemExit(main())
