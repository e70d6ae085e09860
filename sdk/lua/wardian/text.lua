-- `text.of(value)`: a value for people: a text as it is, all else much as JSON has it; no more than a person reads.
local wardian = require "wardian"

local MOST <const> = 1000 -- characters

local function cut(text)
  if #text <= MOST then return text end
  local last = utf8.offset(text:sub(1, 4 * MOST), MOST)
  return last and text:sub(1, last - 1) .. "…" or text
end

local write

local function write_all(words, value, first, last, each)
  words[#words + 1] = first
  local between = ""
  for key, one in each(value) do
    if #words > MOST then break end
    words[#words + 1] = between
    if each == pairs then
      write(words, key)
      words[#words + 1] = ": "
    end
    write(words, one)
    between = ", "
  end
  words[#words + 1] = last
end

function write(words, value)
  local kind = wardian.kind(value)
  if kind == "list" then return write_all(words, value, "[", "]", ipairs) end
  if kind == "map" then return write_all(words, value, "{", "}", pairs) end
  local word = value == nil and "null" or kind == "bytes" and ("%d bytes"):format(#value) or tostring(value)
  if kind == "text" then word = '"' .. cut(value):gsub('[%c"\\]', function(sign) return ("\\u%04x"):format(sign:byte()) end) .. '"' end
  words[#words + 1] = word
end

return {
  of = function(value)
    if type(value) == "string" then return cut(value) end
    local words = {}
    write(words, value)
    return cut(table.concat(words))
  end,
}
