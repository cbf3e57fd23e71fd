"""The time of day at which anybody may be written to unasked, by the clock of a unit."""

from datetime import datetime, time, timedelta

from storage.periods import local_time

AWAKE_FROM, AWAKE_UNTIL = 7, 21  # local hours


def is_awake(timezone: str, now: int) -> bool:
    return AWAKE_FROM <= local_time(now, timezone).hour < AWAKE_UNTIL


def awake_at(timezone: str, now: int) -> int:
    """Now (Unix seconds), or at night the morning after it."""
    if is_awake(timezone, now):
        return now
    local = local_time(now, timezone)
    day = local.date() + timedelta(days=int(local.hour >= AWAKE_UNTIL))
    return int(datetime.combine(day, time(AWAKE_FROM), local.tzinfo).timestamp())
