/**
 * Reads every key in one step of Redis: no other command runs between two reads. With more keys than `ARGV[1]`, it only counts them.
 * A collection with more entries than `ARGV[2]`, or a hash with more fields than `ARGV[3]`, is not read. The internal keys of BullMQ and
 * Bull become one number.
 *
 * Returns the number of keys, the number of unfinished jobs, and for each other key its name, type, milliseconds to live and content.
 */
export const readEverything = `
local keysMax, entriesMax, fieldsMax = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local count = redis.call('DBSIZE')
if count > keysMax then return {count, 0, {}} end
local keys = redis.call('KEYS', '*')
table.sort(keys)
local exists = {}
for _, key in ipairs(keys) do exists[key] = true end
local queues, is_queue = {}, {}
local function add_queue(prefix)
  if not is_queue[prefix] then table.insert(queues, prefix) end
  is_queue[prefix] = true
end
local function kind_of(key) return redis.call('TYPE', key).ok end
-- Bull, the predecessor, has no key with its version: it is known by a job, or by the key with which its workers look for stalled jobs.
local function is_bull(prefix)
  if kind_of(prefix .. 'id') ~= 'string' then return false end
  if exists[prefix .. 'stalled-check'] then return true end
  local job = prefix .. redis.call('GET', prefix .. 'id')
  if kind_of(job) ~= 'hash' then return false end
  for _, field in ipairs({'name', 'data', 'opts', 'timestamp'}) do
    if redis.call('HEXISTS', job, field) == 0 then return false end
  end
  return true
end
for _, key in ipairs(keys) do
  if key:sub(-3) == ':id' then
    local prefix = key:sub(1, -3)
    if exists[prefix .. 'meta'] or is_bull(prefix) then add_queue(prefix) end
  elseif key:sub(-14) == ':stalled-check' and kind_of(key) == 'string' and redis.call('PTTL', key) > 0 then
    -- A queue without any job so far: its workers write this key now and then.
    add_queue(key:sub(1, -14))
  end
end
local function of_queue(key)
  for _, prefix in ipairs(queues) do
    if key:sub(1, #prefix) == prefix then return true end
  end
  return false
end
local pending = 0
for _, prefix in ipairs(queues) do
  for _, list in ipairs({'wait', 'paused', 'active'}) do
    for _, job in ipairs(redis.call('LRANGE', prefix .. list, 0, -1)) do
      -- A marker is not a job.
      if job:sub(1, 2) ~= '0:' then pending = pending + 1 end
    end
  end
  for _, set in ipairs({'delayed', 'prioritized', 'waiting-children'}) do
    for _, job in ipairs(redis.call('ZRANGE', prefix .. set, 0, -1)) do
      -- Repeated jobs wait for their next time, with or without a flow.
      if job:sub(1, 7) ~= 'repeat:' then pending = pending + 1 end
    end
  end
end
local sizes = {hash = 'HLEN', list = 'LLEN', set = 'SCARD', zset = 'ZCARD', stream = 'XLEN'}
local reads = {
  string = {'GET'}, hash = {'HGETALL'}, list = {'LRANGE', 0, -1}, set = {'SMEMBERS'},
  zset = {'ZRANGE', 0, -1}, stream = {'XREVRANGE', '+', '-'},
}
local found = {}
for _, key in ipairs(keys) do
  local kind = kind_of(key)
  if kind ~= 'none' and not of_queue(key) then
    local size = sizes[kind] and redis.call(sizes[kind], key) or 0
    local content = false
    if size <= (kind == 'hash' and fieldsMax or entriesMax) and reads[kind] then
      local read = reads[kind]
      content = redis.call(read[1], key, unpack(read, 2))
    end
    table.insert(found, {key, kind, redis.call('PTTL', key), size, content})
  end
end
return {count, pending, found}
`
