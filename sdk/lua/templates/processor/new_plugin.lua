-- A processor that counts the words of `data.text` into `data.words`, and drops what has too few.
local wardian = require "wardian"

local least = 1

return {
  -- Called once, before all else, with what the operator configured.
  open = function(config) least = config.least or least end,

  -- Gives the record, several, or nothing, which drops it; an error is one of this record alone.
  processor = function(record)
    local text = type(record.data) == "table" and record.data.text
    if type(text) ~= "string" then error(wardian.invalid "`data.text` must be a text") end
    local _, words = text:gsub("%S+", "")
    if words < least then return end
    record.data.words = words
    return record
  end,
}
