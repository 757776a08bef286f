"""
What the fenced cache does inside Redis, each step one script on the keys of one value.

KEYS are those of `keys_of`: the value, the fill lease (a token) and the write intents (tokens by when they end, in
milliseconds of Redis' own clock). Each script says or checks which server it ran on, by its replication id: that
changes with every restart and every promotion. A replica, or an imitation that has none, says ''.
"""

from roster.infrastructure.scripts import Call, Script

FILL_LEASE_MS = 1_000
# Longer than any transaction lasts: its deadline is 2.5 s, and PostgreSQL ends one that is left alone after 3 s more.
WRITE_INTENT_MS = 6_000
# Several times what any of us stores; who finds more does not send it over.
VALUE_BYTES_MAX = 65_536

_SERVER = """
local function server()
    local info = redis.pcall('INFO', 'replication')
    if type(info) ~= 'string' or not string.find(info, 'role:master', 1, true) then return '' end
    return string.match(info, 'master_replid:(%x+)') or ''
end
"""

_INTENTS = """
local function now()
    local time = redis.call('TIME')
    return time[1] * 1000 + math.floor(time[2] / 1000)
end
-- What is no sorted set holds no intents, and whoever put it there was none of us.
local function of_intents(command, ...)
    local answer = redis.pcall(command, KEYS[3], ...)
    if type(answer) ~= 'table' then return end
    if not string.find(answer.err, 'WRONGTYPE', 1, true) then error(answer.err) end
    redis.call('DEL', KEYS[3])
end
local function purge()
    of_intents('ZREMRANGEBYSCORE', '-inf', now())
end
local function is_being_written()
    purge()
    return redis.call('ZCARD', KEYS[3]) > 0
end
"""

IDENTIFY = Script(_SERVER + "return server()")

# ARGV: server, token, life of the lease; '1' to forget the value and fill it anew; how long a value may be.
# A lease that lives for longer than leases do is none of ours.
_GET = Script(
    _SERVER
    + _INTENTS
    + """
local here = server()
if here ~= ARGV[1] then return {'other server', here} end
if is_being_written() then return {'being written'} end
if ARGV[4] == '1' then redis.call('DEL', KEYS[1]) end
local value, found = redis.pcall('GET', KEYS[1]), 'miss'
if type(value) == 'string' and #value <= tonumber(ARGV[5]) then return {'hit', value} end
if value then
    redis.call('DEL', KEYS[1])
    found = 'odd'
end
local left = redis.call('PTTL', KEYS[2])
if left >= 0 and left <= tonumber(ARGV[3]) then return {found, ''} end
redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3])
return {found, ARGV[2]}
"""
)

# ARGV: server, token, life of the lease, life of the value counted from the lease, value.
_FILL = Script(
    _SERVER
    + _INTENTS
    + """
if server() ~= ARGV[1] or is_being_written() or redis.pcall('GET', KEYS[2]) ~= ARGV[2] then return 0 end
local since_lease = ARGV[3] - redis.call('PTTL', KEYS[2])
redis.call('SET', KEYS[1], ARGV[5], 'PX', ARGV[4] - since_lease)
redis.call('DEL', KEYS[2])
return 1
"""
)

# ARGV: token.
_GIVE_BACK = Script(
    """
if redis.pcall('GET', KEYS[2]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[2])
"""
)

# ARGV: token, life of the intent.
_BEGIN = Script(
    _SERVER
    + _INTENTS
    + """
purge()
redis.call('ZADD', KEYS[3], now() + ARGV[2], ARGV[1])
redis.call('PEXPIRE', KEYS[3], ARGV[2])
redis.call('DEL', KEYS[1], KEYS[2])
return server()
"""
)

# ARGV: token.
_END = Script(
    _SERVER
    + _INTENTS
    + """
of_intents('ZREM', ARGV[1])
redis.call('DEL', KEYS[1], KEYS[2])
return server()
"""
)


def keys_of(key: str, epoch: int) -> tuple[str, str, str]:
    """Return the three keys of *key* in that epoch; what stands in its braces decides their common hash slot."""
    return f"{key}:{epoch}:v", f"{key}:{epoch}:l", f"{key}:{epoch}:w"


def get(keys: tuple[str, ...], server_id: str, token: str, *, anew: bool) -> Call:
    return Call(_GET, keys, (server_id, token, FILL_LEASE_MS, "1" if anew else "0", VALUE_BYTES_MAX))


def fill(keys: tuple[str, ...], server_id: str, token: str, life_ms: int, value: bytes) -> Call:
    return Call(_FILL, keys, (server_id, token, FILL_LEASE_MS, life_ms, value))


def give_back(keys: tuple[str, ...], token: str) -> Call:
    return Call(_GIVE_BACK, keys, (token,))


def begin(keys: tuple[str, ...], token: str) -> Call:
    return Call(_BEGIN, keys, (token, WRITE_INTENT_MS))


def end(keys: tuple[str, ...], token: str) -> Call:
    return Call(_END, keys, (token,))
