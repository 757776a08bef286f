"""Buckets on Redis: one Lua script takes from all of them, by the clock of Redis."""

from collections.abc import Sequence
from typing import Any, cast

from roster.infrastructure.rate_limits.models import Bucket, Verdict, verdict
from roster.infrastructure.scripts import Call, Script

# An entry says when its bucket will be full again, in microseconds, and lives until then. One that lies further ahead
# than a bucket can be empty was written by another clock, or for another limit: that bucket is full.
SCRIPT = Script("""
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local held, admitted = {}, true

for number, key in ipairs(KEYS) do
    local interval, full = tonumber(ARGV[2 * number - 1]), tonumber(ARGV[2 * number])
    local kept = redis.call('GET', key)
    local full_at = kept and string.match(kept, '^%d+$') and tonumber(kept) or now
    if full_at < now or full_at > now + 2 * full then
        full_at = now
    end
    held[number] = now + full - full_at
    admitted = admitted and held[number] >= interval
end

local answer = {}
for number, key in ipairs(KEYS) do
    local interval, full = tonumber(ARGV[2 * number - 1]), tonumber(ARGV[2 * number])
    table.insert(answer, held[number] >= interval and 1 or 0)
    if admitted then
        held[number] = held[number] - interval
        local empty = full - held[number]
        local milliseconds = string.format('%.0f', math.ceil(empty / 1000))
        redis.call('SET', key, string.format('%.0f', now + empty), 'PX', milliseconds)
    end
    table.insert(answer, held[number])
end
return answer
""")


def ask(buckets: Sequence[Bucket]) -> Call:
    """Return the call that takes from *buckets*; their keys share a hash slot."""
    numbers = [number for bucket in buckets for number in (bucket.policy.interval_us, bucket.policy.full_us)]
    return Call(SCRIPT, tuple(f"{{limits}}:{bucket.key}" for bucket in buckets), tuple(numbers))


def judge(buckets: Sequence[Bucket], answer: object | None) -> list[Verdict] | None:
    """Return what Redis answered to `ask`; None if it did not."""
    if answer is None:
        return None
    numbers = cast("list[Any]", answer)
    pairs = zip(buckets, numbers[::2], numbers[1::2], strict=True)
    return [verdict(bucket, is_admitted=bool(own), held_us=held_us) for bucket, own, held_us in pairs]
