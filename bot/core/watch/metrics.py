"""What this process counts and measures, as Prometheus reads it at /metrics (docs/watching.md).

No label names a person, a unit or a chat: channels, kinds, jobs and outcomes only.
"""

import time
from collections.abc import Mapping
from functools import cache

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector

from bot.core.channel import SendLater, SendNever

REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)

_FAST = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30)
_SLOW = (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 300, 1_800)

UPDATES = Counter(
    "skm_updates",
    "Updates of a platform: kept, refused (brought again), passed_over, unreadable, limited, old.",
    ("channel", "outcome"),
    registry=REGISTRY,
)
TURN = Histogram(
    "skm_turn_seconds", "A batch of turns, from load to commit.", buckets=_FAST, registry=REGISTRY
)
BATCH = Histogram(
    "skm_turn_batch_events",
    "Events taken in one batch.",
    buckets=(1, 2, 4, 8, 16, 32, 64),
    registry=REGISTRY,
)
KEEP = Histogram(
    "skm_keep_seconds",
    "An event, from when it was queued until it is settled.",
    buckets=_FAST,
    registry=REGISTRY,
)
SENDS = Counter(
    "skm_sends",
    "Sends to a platform: sent, later (a passing fault), never (a permanent one), failed (ours).",
    ("channel", "outcome"),
    registry=REGISTRY,
)
FAILED = Counter(
    "skm_sends_failed_later",
    "Messages that a platform took first and did not deliver then, by its code.",
    ("channel", "code"),
    registry=REGISTRY,
)
SEND = Histogram("skm_send_seconds", "One send.", ("channel",), buckets=_FAST, registry=REGISTRY)
RESENT = Counter(
    "skm_outbox_resent",
    "Messages that may have been sent twice: a lease lapsed.",
    registry=REGISTRY,
)
GIVEN_UP = Counter(
    "skm_outbox_given_up", "Messages that will not be sent.", ("kind",), registry=REGISTRY
)
JOBS = Counter(
    "skm_jobs",
    "Scheduled jobs: done, away (no database), failed.",
    ("job", "outcome"),
    registry=REGISTRY,
)
JOB = Histogram("skm_job_seconds", "One job.", ("job",), buckets=_SLOW, registry=REGISTRY)
JOB_DONE = Counter("skm_job_items", "What jobs did, in number.", ("job",), registry=REGISTRY)

# Read when somebody asks (`bot.core.watch.readiness`).
READY = Gauge("skm_ready", "1 where all is well, by check.", ("check",), registry=REGISTRY)
DISK_FREE = Gauge("skm_disk_free_bytes", "Free where skm writes, the least.", registry=REGISTRY)
HEARD = Gauge(
    "skm_heard_seconds", "Since a platform last answered.", ("channel",), registry=REGISTRY
)
OPEN = Gauge("skm_conversations_open", "Conversations that are not over.", registry=REGISTRY)
WAITING = Gauge(
    "skm_outbox_waiting", "Messages that are not sent yet.", ("kind",), registry=REGISTRY
)
WAITED = Gauge(
    "skm_outbox_oldest_seconds",
    "Since the oldest of them should have been sent, at least.",
    ("kind",),
    registry=REGISTRY,
)
UNFOLDED = Gauge("skm_unfolded_responses", "Responses in no tally yet.", registry=REGISTRY)
FOLD_LAG = Gauge("skm_fold_lag_seconds", "Age of the oldest of them.", registry=REGISTRY)


# `labels` looks them up by their text each time, which every tap would pay for.
update = cache(UPDATES.labels)  # (channel, outcome)
_sends, _send = cache(SENDS.labels), cache(SEND.labels)


class sending:
    """Times a send and counts how it ends."""

    __slots__ = ("begun", "channel")

    def __init__(self, channel: str) -> None:
        self.channel, self.begun = channel, time.perf_counter()

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        _sends(self.channel, _outcome(kind)).inc()
        _send(self.channel).observe(time.perf_counter() - self.begun)


def _outcome(kind: type[BaseException] | None) -> str:
    if kind is None:
        return "sent"
    if issubclass(kind, SendLater):
        return "later"
    return "never" if issubclass(kind, SendNever) else "failed"


def by_label(gauge: Gauge, values: Mapping[str, float]) -> None:
    """These, and none that were there before."""
    gauge.clear()
    for label, value in values.items():
        gauge.labels(label).set(value)
