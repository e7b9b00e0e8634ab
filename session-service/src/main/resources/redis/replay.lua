-- Reads what followed an event of a conference's log (KEYS[1], see append.lua); begins the log if there is none.
-- ARGV: the event's number or -1, how many events at most, random number, milliseconds to keep.
-- Returns the newest number, 1 if all that followed is here, 1 if nothing more will follow, then number, kind and event
-- of each.
local life = tonumber(string.sub(string.match(redis.call('INFO', 'server'), 'run_id:(%x+)'), 1, 8), 16)
local newest = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
if newest and tonumber(string.match(newest[1], '-(%d+)')) ~= life then
  redis.call('DEL', KEYS[1])
  newest = nil
end
if not newest then
  local seq = redis.call('TIME')[1] * 1048576 + ARGV[3]
  redis.call('XADD', KEYS[1], string.format('%.0f-%.0f', seq, life), 'm', '')
  redis.call('PEXPIRE', KEYS[1], ARGV[4])
  return {seq, 0, 0}
end
local seq = tonumber(string.match(newest[1], '^(%d+)'))
local ended = newest[2][1] == 'l' and 1 or 0
local after = tonumber(ARGV[1])
local oldest = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)[1]
-- The event itself must still be there: the number before the oldest one may be another log's.
if after < tonumber(string.match(oldest[1], '^(%d+)')) or after > seq or seq - after > tonumber(ARGV[2]) then
  return {seq, 0, ended}
end
local reply = {seq, 1, ended}
for _, entry in ipairs(redis.call('XRANGE', KEYS[1], string.format('%.0f', after + 1), '+')) do
  reply[#reply + 1] = tonumber(string.match(entry[1], '^(%d+)'))
  reply[#reply + 1] = entry[2][1]
  reply[#reply + 1] = entry[2][2]
end
return reply
