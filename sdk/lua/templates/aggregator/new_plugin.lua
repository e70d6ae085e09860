-- An aggregator that sums numbers by the key of their records.
local wardian = require "wardian"

local NONE <const> = {} -- in place of the key of a record that has none
local sums, keys = {}, {} -- by key, and the keys in the order in which they came

local function reset() sums, keys = {}, {} end

return {
  aggregator = {
    add = function(records)
      for _, record in ipairs(records) do -- all are looked at before one is added: a call does all or nothing
        if type(record.data) ~= "number" then error(wardian.invalid "`data` must be a number") end
      end
      for _, record in ipairs(records) do
        local key = record.key or NONE
        if not sums[key] then keys[#keys + 1] = key end
        sums[key] = (sums[key] or 0) + record.data
      end
    end,

    -- A window is over: one record for each key.
    flush = function()
      local records = {}
      for at, key in ipairs(keys) do
        records[at] = { data = sums[key], key = key ~= NONE and key or nil }
      end
      reset()
      return records
    end,

    reset = reset,
  },
}
