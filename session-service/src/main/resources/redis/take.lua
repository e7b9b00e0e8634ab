-- Sliding window (KEYS[1]: sorted set of the times of requests, in microseconds).
-- ARGV: window in microseconds, limit.
-- Returns: 1 if allowed, how many more are allowed now, microseconds until the oldest expires, now.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local window = tonumber(ARGV[1])
local limit = tonumber(ARGV[2])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now - window))
local count = redis.call('ZCARD', KEYS[1])
local allowed = 0
if count < limit then
  -- Of two requests in one microsecond the second sees one more, so members differ.
  redis.call('ZADD', KEYS[1], string.format('%.0f', now), time[1] .. '.' .. time[2] .. ':' .. count)
  redis.call('PEXPIRE', KEYS[1], string.format('%.0f', math.ceil(window / 1000) + 1000))
  allowed = 1
  count = count + 1
end
local oldest = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
return {allowed, limit - count, tonumber(oldest[2]) + window - now, now}
