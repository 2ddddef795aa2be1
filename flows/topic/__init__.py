"""On the topic or not, and why: weighted rules a person can read, over terms in many languages.

topic.toml ─ loading ─→ Topic (groups of terms, rules, thresholds, version)
Article ─ passages ─→ sentences with places ─ matching ─→ hits ─ scoring ─→ points ─→ Judgement
"""

from flows.topic.judging import judge
from flows.topic.loading import load_topic, read_topic
from flows.topic.rules import Topic

__all__ = ["Topic", "judge", "load_topic", "read_topic"]
