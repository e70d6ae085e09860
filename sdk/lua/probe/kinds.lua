-- A plugin of each kind, in one module.
local wardian = require "wardian"
local log = require "wardian.log"

local kinds = { all = {} }
local last, count = 0, nil

function kinds.opened(config, resume)
  last, count = resume or 0, config.count
end

kinds.all.source = {
  poll = function(demand)
    local records = {}
    for at = 1, math.min(demand, 3) do
      last = last + 1
      records[at] = { data = last }
    end
    return { records = records, wait_ms = 5, offset = last, done = count and last >= count or nil }
  end,
  request = function(payload, headers)
    if payload ~= nil then return { data = payload, meta = headers } end
  end,
}

kinds.all.action = {
  call = function(params, vars) return { params = params, vars = vars } end,
  cancel = function(reason) log.info("cancelled: " .. reason) end,
}

function kinds.all.processor(record)
  local data = type(record.data) == "table" and record.data or {}
  if data.drop ~= nil then return end
  if data.fail then error(wardian.invalid(data.fail)) end
  if data.twice ~= nil then return { { data = data.twice }, { data = data.twice } } end
  return record
end

kinds.all.func = {
  validate = function(args)
    if #args ~= 2 then error(wardian.invalid "expected 2 arguments") end
  end,
  call = function(a, b)
    if math.type(a) ~= "integer" or math.type(b) ~= "integer" then error(wardian.invalid "expected two integers") end
    return a + b
  end,
}

local sum = 0
kinds.all.aggregator = {
  add = function(records)
    for _, record in ipairs(records) do sum = sum + record.data end
  end,
  flush = function()
    local flushed = { data = sum }
    sum = 0
    return flushed
  end,
  reset = function() sum = 0 end,
}

kinds.all.sink = {
  write = function(record)
    if type(record.data) == "table" and record.data.fail then error(wardian.invalid(record.data.fail)) end
  end,
  flush = function(urgent) log.info(urgent and "flushed urgently" or "flushed") end,
}

function kinds.all.lookup(where, fields)
  local who = select(2, next(where))
  if who == "nobody" then return {} end
  local row = {}
  for _, field in ipairs(fields) do row[field] = ("%s of %s"):format(field, who) end
  return { row }
end

function kinds.all.extension(method, argument)
  if argument == nil then argument = wardian.null end
  return { method = method, argument = argument }
end

return kinds
