"""One file per group of commands; `flows.cli` imports them when they are run."""
