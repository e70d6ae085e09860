-- Durations as a configuration writes them, such as `250ms` or `1m30s`.
local NANOSECONDS = { ns = 1, us = 1000, ms = 1000000, s = 1000000000, m = 60000000000, h = 3600000000000 }
local LONGEST <const> = 3153600000000000000 -- 100 years

-- `duration.nanoseconds(text)`, or nil where it is none.
local function nanoseconds(text)
  if type(text) ~= "string" or text == "" then return nil end
  local sum, at = 0, 1
  while at <= #text do
    local whole, decimals, unit, behind = text:match("^(%d+)(%.?%d*)(%l+)()", at)
    local each = unit and NANOSECONDS[unit]
    if not each or decimals == "." then return nil end
    local part = tonumber(whole .. decimals) * each
    if sum + part > LONGEST then return nil end
    sum, at = sum + math.floor(part + 0.5), behind
  end
  return sum
end

return { nanoseconds = nanoseconds }
