-- Remembers a stay's version if it is the newest (KEYS[1]: hash of stay to version and presence, KEYS[2]: sorted set of
-- when each was written, same slot).
-- ARGV: stay, version, '1' if it is present, milliseconds to keep.
local known = redis.call('HGET', KEYS[1], ARGV[1])
if known and tonumber(string.match(known, '^(%d+)')) >= tonumber(ARGV[2]) then return 0 end
local now = redis.call('TIME')[1] * 1000
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2] .. ' ' .. ARGV[3])
redis.call('ZADD', KEYS[2], string.format('%.0f', now), ARGV[1])
-- A few old ones each time: those who left shall not pile up in a long conference.
local old = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', string.format('%.0f', now - ARGV[4]), 'LIMIT', 0, 8)
if #old > 0 then
  redis.call('HDEL', KEYS[1], unpack(old))
  redis.call('ZREM', KEYS[2], unpack(old))
end
redis.call('PEXPIRE', KEYS[1], ARGV[4])
redis.call('PEXPIRE', KEYS[2], ARGV[4])
return 1
