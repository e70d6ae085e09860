-- A source that counts: one record at each interval, and after a restart it goes on behind the last one that is safe.
local wardian = require "wardian"
local duration = require "wardian.duration"

local interval, count = 1000, 0 -- milliseconds, and how far it is

return {
  -- Called once: what the operator configured, and the last offset that was acknowledged.
  open = function(config, opening)
    local nanoseconds = duration.nanoseconds(config.interval or "1s")
    if not nanoseconds or nanoseconds < 1000000 then
      error(wardian.config "`interval` must be a duration of at least 1ms, such as `1s` or `1m30s`")
    end
    interval = nanoseconds // 1000000
    count = opening.resume or 0
    return { interval_ms = interval }
  end,

  -- At most `demand` records are wanted; `offset` is what to go on behind.
  source = function(demand)
    if demand == 0 then return { offset = count } end
    count = count + 1
    return { records = { { data = { count = count } } }, wait_ms = interval, offset = count }
  end,
}
