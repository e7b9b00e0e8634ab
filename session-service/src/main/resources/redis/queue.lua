-- A region's join queue (KEYS[1]: sorted set by place, KEYS[2]: sorted set by expiry in ms, KEYS[3]: hash of who it is,
-- all one slot).
-- ARGV: what to do, then: enter, stay, urgency, who, milliseconds to keep, greatest length -> how many are before, or -1
--                         take, count -> place and who of each
--                         leave, stay
--                         back, stay, place, who, milliseconds to keep
--                         length -> how many wait
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function text(number) return string.format('%.0f', number) end
local function drop(stay)
  redis.call('ZREM', KEYS[1], stay)
  redis.call('ZREM', KEYS[2], stay)
  redis.call('HDEL', KEYS[3], stay)
end
local function put(stay, place, who, keep)
  redis.call('ZADD', KEYS[1], 'NX', place, stay)
  redis.call('ZADD', KEYS[2], text(now + keep), stay)
  redis.call('HSET', KEYS[3], stay, who)
  for i = 1, 3 do
    -- The longest-lived entry decides.
    if redis.call('PTTL', KEYS[i]) < tonumber(keep) + 1000 then redis.call('PEXPIRE', KEYS[i], keep + 1000) end
  end
end
for _, stay in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', text(now), 'LIMIT', 0, 1000)) do drop(stay) end
local what = ARGV[1]
if what == 'enter' then
  if not redis.call('ZSCORE', KEYS[1], ARGV[2]) and redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[6]) then return -1 end
  -- Urgency times 2^51 and microseconds: exact in a double until 2041.
  put(ARGV[2], text(ARGV[3] * 2251799813685248 + time[1] * 1000000 + time[2]), ARGV[4], ARGV[5])
  return redis.call('ZRANK', KEYS[1], ARGV[2])
elseif what == 'take' then
  local taken = {}
  local first = redis.call('ZRANGE', KEYS[1], 0, ARGV[2] - 1, 'WITHSCORES')
  for i = 1, #first, 2 do
    taken[#taken + 1] = text(first[i + 1])
    taken[#taken + 1] = redis.call('HGET', KEYS[3], first[i])
    drop(first[i])
  end
  return taken
elseif what == 'leave' then
  drop(ARGV[2])
elseif what == 'back' then
  if not redis.call('ZSCORE', KEYS[1], ARGV[2]) then put(ARGV[2], ARGV[3], ARGV[4], ARGV[5]) end
end
return redis.call('ZCARD', KEYS[1])
