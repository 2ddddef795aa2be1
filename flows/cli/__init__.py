"""One file per group of commands; `flows.cli.main` imports them when they are run."""
