"""`python -m flows`: the same as `dateline`."""

from flows.cli import main

main()
