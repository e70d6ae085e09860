-- What is measured: `metric.counter("words", 3, {language = "en"})`.
local core = require "wardian.core"

local record = core.import "metric_record"
local metric = {}

function metric.record(name, kind, value, labels) record(core.list { name, kind, value, labels or {} }) end

for _, kind in ipairs { "counter", "gauge", "histogram" } do
  metric[kind] = function(name, value, labels) metric.record(name, kind, value, labels) end
end

return metric
