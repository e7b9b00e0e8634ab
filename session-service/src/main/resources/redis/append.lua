-- Appends an event to a conference's log (KEYS[1], a stream) and publishes it.
-- ARGV: channel, kind ('e' or, for the last event, 'l'), event, random number, milliseconds to keep, length.
-- Returns the event's number, or 0 if nothing may follow what is there.
--
-- An entry's id is the event's number and the life of the log: the run of the server that numbered it. After a
-- failover, or a restart from an old dump, the newest entries may be gone. Another life begins a new log then, with
-- larger numbers, instead of giving the lost numbers to other events.
local life = tonumber(string.sub(string.match(redis.call('INFO', 'server'), 'run_id:(%x+)'), 1, 8), 16)
local newest = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
local seq
if newest then
  local number, numbered = string.match(newest[1], '(%d+)-(%d+)')
  if tonumber(numbered) == life then
    if newest[2][1] == 'l' then return 0 end
    seq = tonumber(number)
  else
    redis.call('DEL', KEYS[1])
  end
end
if not seq then seq = redis.call('TIME')[1] * 1048576 + ARGV[4] end
seq = seq + 1
local number = string.format('%.0f', seq)
redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[6], number .. '-' .. string.format('%.0f', life), ARGV[2], ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[5])
redis.call('PUBLISH', ARGV[1], ARGV[2] .. number .. ' ' .. ARGV[3])
return seq
