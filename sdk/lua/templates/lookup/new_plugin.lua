-- A lookup over a table that the plugin has in itself: countries by code, name or continent.
local wardian = require "wardian"

local COUNTRIES <const> = {
  { code = "AT", name = "Austria", continent = "Europe" },
  { code = "FR", name = "France", continent = "Europe" },
  { code = "JP", name = "Japan", continent = "Asia" },
}

local function matches(row, where)
  for column, value in pairs(where) do
    if row[column] ~= value then return false end
  end
  return true
end

return {
  -- The rows that have these values in these columns, each with the fields that are wanted.
  lookup = function(where, fields)
    local rows = {}
    for _, country in ipairs(COUNTRIES) do
      if matches(country, where) then
        local row = {}
        for _, field in ipairs(fields) do
          row[field] = country[field] or error(wardian.invalid "the columns are `code`, `name` and `continent`")
        end
        rows[#rows + 1] = row
      end
    end
    return rows
  end,
}
