"""`python -m flows`: the same as `dateline`."""

from flows.cli.main import main

main()
