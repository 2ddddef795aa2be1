"""Where the project's own seeds and topic lie."""

from pathlib import Path

PROJECT = Path(__file__).parents[2]
SEEDS = PROJECT / "seeds"
TOPIC = PROJECT / "config" / "topic.toml"
