"""`/metrics`: how things stand, in Prometheus's text format.

Decides names, labels and help of each metric; what is counted and what is well is decided in
`figures` and `health`. Nothing here names a source, a URL or a secret.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from flows.operations.figures import Figures
from flows.operations.health import Vitals, next_due, wrong

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def exposition(vitals: Vitals, figures: Figures | None, now: datetime) -> bytes:
    """Every metric, as Prometheus scrapes it."""
    registry = CollectorRegistry()
    registry.register(_Standing(vitals, figures, now))
    return generate_latest(registry)


class _Standing(Collector):
    def __init__(self, vitals: Vitals, figures: Figures | None, now: datetime) -> None:
        self._vitals = vitals
        self._figures = figures
        self._now = now

    def collect(self) -> Iterator[Metric]:
        yield from _of_schedule(self._vitals, self._now)
        yield from _of_disks(self._vitals)
        if self._figures is not None:
            yield from _of_store(self._figures, self._now)


def _of_schedule(vitals: Vitals, now: datetime) -> Iterator[Metric]:
    troubles = wrong(vitals, now)
    yield _gauge("healthy", "1 when dateline health finds nothing wrong", 0 if troubles else 1)
    last = vitals.runs.get("monitor")
    if last is not None and last.ended_at is not None:
        age = (now - last.ended_at).total_seconds()
        yield _gauge("last_pass_age_seconds", "Since the last monitoring pass ended", age)
    if (due := next_due(vitals)) is not None:
        left = (due - now).total_seconds()
        yield _gauge("next_pass_due_seconds", "Until the next pass is due; below 0: late", left)
    yield _gauges(
        "run_failures_in_a_row", "Runs that failed since the last good one", "kind",
        {kind: run.failures for kind, run in vitals.runs.items()},
    )  # fmt: skip
    yield _gauges(
        "restarts_last_hour", "How often a process was started again", "process", vitals.restarts
    )


def _of_disks(vitals: Vitals) -> Iterator[Metric]:
    free = {str(disk.path): disk.free for disk in vitals.disks}
    total = {str(disk.path): disk.total for disk in vitals.disks}
    yield _gauges("disk_free_bytes", "Free on the disk of the folder", "folder", free)
    yield _gauges("disk_total_bytes", "Size of the disk of the folder", "folder", total)


def _of_store(figures: Figures, now: datetime) -> Iterator[Metric]:
    counted = (now - figures.counted_at).total_seconds()
    yield _gauge("figures_age_seconds", "Since what follows was counted", counted)
    yield _gauge("articles", "Articles on the topic", figures.articles)
    yield _gauge("stories", "Stories they tell", figures.stories)
    yield _gauge("open_gaps", "Gaps that are open", figures.open_gaps)
    yield _gauge("waiting_candidates", "Left open by the last pass", figures.waiting)
    yield _gauge("store_bytes", "Size of the published file", figures.store_bytes)
    yield _gauge("archive_bytes", "Size of the archive", figures.archive_bytes)
    yield _gauges(
        "sources", "Enabled sources by the status of their last look", "status", figures.sources
    )
    yield _gauges("last_run_seconds", "Length of the last run", "kind", figures.seconds)
    runs = CounterMetricFamily("dateline_runs", "Runs that began", labels=("kind", "state"))
    for kind, states in figures.runs.items():
        for state, count in states.items():
            runs.add_metric((kind, state), count)
    yield runs
    yield _counters("candidates", "Candidates by how they ended", "ending", figures.endings)
    yield _counters("skips", "Candidates skipped, by reason", "reason", figures.skips)


def _gauge(name: str, what: str, value: float) -> Metric:
    return GaugeMetricFamily(f"dateline_{name}", what, value=value)


def _gauges(name: str, what: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(f"dateline_{name}", what, labels=(label,))
    for named, value in values.items():
        family.add_metric((named,), value)
    return family


def _counters(name: str, what: str, label: str, values: Mapping[str, float]) -> Metric:
    family = CounterMetricFamily(f"dateline_{name}", what, labels=(label,))
    for named, value in values.items():
        family.add_metric((named,), value)
    return family
