-- Sends a call status unless it was sent before (KEYS[1]: stream, KEYS[2]: the participant's newest number, same slot).
-- ARGV: number, status, length of the stream, milliseconds to keep the stream, milliseconds to keep the number.
-- Returns 1 if it was sent.
local newest = redis.call('GET', KEYS[2])
if newest and tonumber(newest) >= tonumber(ARGV[1]) then return 0 end
redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[5])
redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[3], '*', 's', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return 1
