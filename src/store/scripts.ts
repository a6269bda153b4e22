/**
 * What the store does in one step. Times are those of the store in milliseconds, so the clocks of servers may differ. A mark
 * says that the owner of a command has given it up: it may arrive long after nobody waits for it any more.
 */

const now = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)`;

/** The era of a store's memory: another one after it has forgotten. `KEYS[1]` is its key, `ARGV[1]` a new one. */
const era = `
local era = redis.call('GET', KEYS[1]) or ARGV[1]
redis.call('SET', KEYS[1], era, 'PX', 86400000)`;

/**
 * Takes a turn: KEYS era, turn, mark, latest; ARGV owner (which may become the era), lease, how long the latest is kept. Nil if
 * the turn is taken; else the era, and the milliseconds since the turn before ended: 0 if it never did, and none if it is not known.
 */
export const takeTurn = `${era}
${now}
if redis.call('EXISTS', KEYS[2], KEYS[3]) > 0 then return false end
local latest = redis.call('GET', KEYS[4])
local ago = ''
if latest == 'begun' then ago = '0' elseif latest then ago = tostring(math.max(0, now - latest)) end
redis.call('SET', KEYS[4], 'begun', 'PX', ARGV[3])
redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2])
return {era, ago}`;

/** Ends a turn: KEYS turn, latest; ARGV owner, how long the latest is kept. */
export const endTurn = `${now}
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[2], string.format('%d', now), 'PX', ARGV[2])
return redis.call('DEL', KEYS[1])`;

/** Renews what belongs to an owner: KEYS any; ARGV owner, lease. 1 if it still does, else 0. */
export const renew = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])`;

/** Removes what belongs to an owner, and marks whatever of it arrives later: KEYS any, mark; ARGV owner, how long. */
export const withdraw = `
redis.call('SET', KEYS[2], '1', 'PX', ARGV[2])
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1`;

/** Marks something as used: KEYS any, mark; ARGV owner, how long. 1 if this owner is the first, else 0. */
export const use = `
if redis.call('EXISTS', KEYS[2]) == 1 then return 0 end
local owner = redis.call('GET', KEYS[1])
if owner and owner ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`;

/**
 * Adds to a list of what is kept for a while: KEYS list, mark (if it may be given up); ARGV member, how long, the age of the others that are
 * returned (0 for none). A member is its owner, a space and JSON. The others, each as its age and its JSON.
 */
export const add = `${now}
if KEYS[2] and redis.call('EXISTS', KEYS[2]) == 1 then return {} end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[2])
local others = {}
if ARGV[3] ~= '0' then
  local all = redis.call('ZRANGE', KEYS[1], now - ARGV[3], '+inf', 'BYSCORE', 'WITHSCORES')
  for index = 1, #all, 2 do
    table.insert(others, now - all[index + 1])
    table.insert(others, (string.match(all[index], '^[^ ]* (.*)$')))
  end
end
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return others`;

/** Removes from a list: KEYS list, mark; ARGV member, how long it is marked. */
export const withdrawMember = `
redis.call('SET', KEYS[2], '1', 'PX', ARGV[2])
return redis.call('ZREM', KEYS[1], ARGV[1])`;

/** Replaces a member of a list: KEYS list; ARGV old, new, how long. */
export const replace = `${now}
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('ZADD', KEYS[1], now, ARGV[2])
return redis.call('PEXPIRE', KEYS[1], ARGV[3])`;

/** Removes what was made: KEYS list; ARGV parent, name, id (may be empty). */
export const forget = `
for _, member in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  local made = cjson.decode(string.match(member, '^[^ ]* (.*)$'))
  local isNamed = made.parent == ARGV[1] and made.name == ARGV[2]
  local isIt = isNamed or (ARGV[3] ~= '' and made.id == ARGV[3])
  if made.made and isIt then redis.call('ZREM', KEYS[1], member) end
end
return 1`;

/** A whole list, oldest first, each as its age and its JSON: KEYS list; ARGV how long members are kept. */
export const list = `${now}
local listed = {}
local all = redis.call('ZRANGE', KEYS[1], 0, -1, 'WITHSCORES')
for index = 1, #all, 2 do
  if now - all[index + 1] < tonumber(ARGV[1]) then
    table.insert(listed, now - all[index + 1])
    table.insert(listed, (string.match(all[index], '^[^ ]* (.*)$')))
  end
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

/** Uses each command that the scripts here use, so that a missing permission shows: KEYS era, hash, list; ARGV new era. The era. */
export const probe = `${era}
redis.call('TIME')
redis.call('EXISTS', KEYS[2])
redis.call('HSET', KEYS[2], 'field', '1')
redis.call('HMGET', KEYS[2], 'field')
redis.call('PEXPIRE', KEYS[2], 1000)
redis.call('ZADD', KEYS[3], 1, 'member')
redis.call('ZRANGE', KEYS[3], 0, -1)
redis.call('ZREM', KEYS[3], 'member')
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', 1)
redis.call('DEL', KEYS[2])
return era`;

/** What the store says of its memory. */
export const memory = `return redis.call('INFO', 'memory')`;
