-- Counts the words, lines and bytes of texts, and keeps totals in the host's durable state.
local wardian = require "wardian"
local log = require "wardian.log"
local metric = require "wardian.metric"
local state = require "wardian.state"

-- The keys of the totals.
local KEYS <const> = { "words", "lines", "bytes", "calls" }

local min_length = 1 -- shorter words are not counted
local plugin = {}

function plugin.open(config)
  local given = config.min_length
  if given == nil or given == wardian.null then return end
  if math.type(given) ~= "integer" or given < 1 then
    error(wardian.config "`min_length` must be an integer of at least 1")
  end
  min_length = given
end

local function count_words(text)
  local words = 0
  for word in text:gmatch "[^ \t-\r]+" do
    if utf8.len(word) >= min_length then words = words + 1 end
  end
  return words
end

-- As many as an editor shows: the last line need not end with a newline.
local function count_lines(text)
  local _, lines = text:gsub("\n", "")
  return text:find "[^\n]$" and lines + 1 or lines
end

-- text, or {text = text} -> {words, lines, bytes, total_words, total_lines, calls}
function plugin.count(request)
  local text = type(request) == "table" and request.text or request
  if type(text) ~= "string" then
    error(wardian.invalid "the request must be a text, or a map with a text under `text`")
  end
  local words, lines = count_words(text), count_lines(text)

  -- All changes of one call are committed together when it succeeds, and undone when it fails.
  local total_words, total_lines = state.add("words", words), state.add("lines", lines)
  state.add("bytes", #text)
  local calls = state.add("calls", 1)

  -- Logging and metrics are bounded; a plugin goes on when the host has heard enough.
  pcall(log.info, ("counted %d words in %d lines"):format(words, lines))
  pcall(metric.counter, "words_counted", words)
  return {
    words = words, lines = lines, bytes = #text,
    total_words = total_words, total_lines = total_lines, calls = calls,
  }
end

-- nothing -> the totals of all calls so far
function plugin.totals()
  local totals = {}
  for _, key in ipairs(KEYS) do totals[key] = state.get(key) or 0 end
  return totals
end

-- nothing -> nothing; the totals begin at zero again
function plugin.reset()
  for _, key in ipairs(KEYS) do state.delete(key) end
end

-- For other plugins, which call methods of an extension.
plugin.extension = setmetatable({ count = plugin.count, totals = plugin.totals, reset = plugin.reset }, {
  __index = function() error(wardian.unimplemented "the methods are `count`, `totals` and `reset`") end,
})

return plugin
