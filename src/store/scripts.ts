/** What the store does in one step. Every script names all its keys, which share one hash slot. */

/** Times are those of the store in milliseconds, so the clocks of servers may differ. */
const now = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)`;

/**
 * Takes a turn: KEYS turn, mark, number; ARGV owner, lease, how long the number is kept. The number before it, or nil if it is
 * taken. The mark says that the owner has given up: a command may arrive long after nobody waits for it any more.
 */
export const takeTurn = `
if redis.call('EXISTS', KEYS[1], KEYS[2]) > 0 then return false end
local before = redis.call('GET', KEYS[3])
if not before then
  -- Not from 1, so that a store that forgets never gives a number twice.
  local time = redis.call('TIME')
  redis.call('SET', KEYS[3], time[1] .. string.format('%06d', time[2]))
end
redis.call('INCR', KEYS[3])
redis.call('PEXPIRE', KEYS[3], ARGV[3])
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return before or ''`;

/** The number of the latest turn: KEYS number. */
export const latest = `return redis.call('GET', KEYS[1])`;

/** Renews what belongs to an owner: KEYS any; ARGV owner, lease. 1 if it still does, else 0. */
export const renew = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])`;

/** Removes what belongs to an owner: KEYS any; ARGV owner. */
export const remove = `
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1`;

/** The same, and whatever of the owner arrives later: KEYS any, mark; ARGV owner, how long. */
export const withdraw = `
redis.call('SET', KEYS[2], '1', 'PX', ARGV[2])
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1`;

/** The same in a list: KEYS hash, mark; ARGV field, how long. */
export const withdrawField = `
redis.call('SET', KEYS[2], '1', 'PX', ARGV[2])
return redis.call('HDEL', KEYS[1], ARGV[1])`;

/** Marks something as used: KEYS any, mark; ARGV owner, how long. 1 if this owner is the first, else 0. */
export const use = `
if redis.call('EXISTS', KEYS[2]) == 1 then return 0 end
local owner = redis.call('GET', KEYS[1])
if owner and owner ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`;

/** Adds to a list of what is kept for a while: KEYS hash, mark; ARGV field, JSON, how long. The others, each as its age and its JSON. */
export const add = `${now}
if redis.call('EXISTS', KEYS[2]) == 1 then return {} end
local others = {}
local all = redis.call('HGETALL', KEYS[1])
for index = 1, #all, 2 do
  local at, json = string.match(all[index + 1], '^(%d+) (.*)$')
  if now - at >= tonumber(ARGV[3]) then redis.call('HDEL', KEYS[1], all[index])
  elseif all[index] ~= ARGV[1] then
    table.insert(others, now - at)
    table.insert(others, json)
  end
end
redis.call('HSET', KEYS[1], ARGV[1], string.format('%d ', now) .. ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return others`;

/** Removes what was made: KEYS hash; ARGV parent, name. */
export const forget = `
local all = redis.call('HGETALL', KEYS[1])
for index = 1, #all, 2 do
  local made = cjson.decode(string.match(all[index + 1], '^%d+ (.*)$'))
  if made.made and made.parent == ARGV[1] and made.name == ARGV[2] then
    redis.call('HDEL', KEYS[1], all[index])
  end
end
return 1`;

/** A whole list, each as its field, its age and its JSON: KEYS hash. */
export const list = `${now}
local listed = {}
local all = redis.call('HGETALL', KEYS[1])
for index = 1, #all, 2 do
  local at, json = string.match(all[index + 1], '^(%d+) (.*)$')
  table.insert(listed, all[index])
  table.insert(listed, now - at)
  table.insert(listed, json)
end
return listed`;

/** Takes tokens from a bucket: KEYS bucket; ARGV size, tokens a millisecond, how many. The seconds to wait, 0 if none. */
export const takeTokens = `${now}
local size, perMs, count = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local saved = redis.call('HMGET', KEYS[1], 'level', 'at')
local level = size
if saved[1] then level = math.min(size, saved[1] + math.max(0, now - saved[2]) * perMs) end
local needed = math.min(count, size)
if level < needed then return math.ceil((needed - level) / perMs / 1000) end
redis.call('HSET', KEYS[1], 'level', tostring(level - count), 'at', string.format('%d', now))
redis.call('PEXPIRE', KEYS[1], math.ceil((size - level + count) / perMs) + 1000)
return 0`;

/** Uses each command that the scripts here use, so that a missing permission shows: KEYS any, hash. */
export const probe = `
redis.call('TIME')
redis.call('SET', KEYS[1], '1', 'PX', 1000)
redis.call('INCR', KEYS[1])
redis.call('GET', KEYS[1])
redis.call('EXISTS', KEYS[1])
redis.call('PEXPIRE', KEYS[1], 1000)
redis.call('HSET', KEYS[2], 'field', '1')
redis.call('HMGET', KEYS[2], 'field')
redis.call('HGETALL', KEYS[2])
redis.call('HDEL', KEYS[2], 'field')
return redis.call('DEL', KEYS[1])`;

/** What the store says of its memory. */
export const memory = `return redis.call('INFO', 'memory')`;
