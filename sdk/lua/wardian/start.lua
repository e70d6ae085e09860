-- Runs a plugin's script, when it is built: gives its entry points by name, and what it imports or lacks.
local core, given = ...

local loaded, missing, running = {}, nil, {}
local imports, seen = {}, {}

-- A host call by the name of its import. To ask for one is to import it.
function core.import(name)
  if not seen[name] then
    seen[name] = true
    imports[#imports + 1] = name
  end
  return function(request) return core.call(name, request) end
end

local function find(name)
  local path = name:gsub("%.", "/")
  for _, each in ipairs { path .. ".lua", path .. "/init.lua" } do
    if given.modules[each] then return each, given.modules[each] end
  end
  missing = missing or path
  error(("there is no module `%s`"):format(name), 3)
end

-- What a module of the plugin's folder, or of the SDK, gives back; it is run once.
function require(name)
  if type(name) ~= "string" then error("the name of a module is a string", 2) end
  if loaded[name] ~= nil then return loaded[name] end
  if running[name] then error(("module `%s` needs itself"):format(name), 2) end
  local path, text = find(name)
  local chunk, wrong = load(text, "@" .. path, "t")
  if not chunk then error(wrong, 0) end
  running[name] = true
  local made = chunk(name, path)
  running[name] = nil
  loaded[name] = made == nil and true or made
  return loaded[name]
end

loaded["wardian.core"] = core
dofile, loadfile = nil, nil

-- As in other programs: values with tabs between them, as a line of the log.
function print(...)
  local words = table.pack(...)
  for at = 1, words.n do words[at] = tostring(words[at]) end
  core.call("log", core.list { 2, table.concat(words, "\t") })
end

-- All instances begin from one state: without a seed their numbers would be the same, which is found late.
local random, seed = math.random, math.randomseed
function math.random()
  error("`math.random` needs a seed: `math.randomseed(n)`, or `wardian.random` for numbers that nobody can foresee", 2)
end

function math.randomseed(...)
  if select("#", ...) == 0 then error("`math.randomseed` takes a number here", 2) end
  math.random = random
  return seed(...)
end

debug = { traceback = core.traceback }

local done, entries = xpcall(function()
  local chunk, wrong = load(given.modules[given.main], "@" .. given.main, "t")
  if not chunk then error(wrong, 0) end
  return require("wardian.kinds").entries(chunk())
end, core.explain)
if not done then
  if missing then return nil, { missing = missing } end
  error(entries)
end

local names = {}
for name in pairs(entries) do names[#names + 1] = name end
table.sort(names)
return entries, { entries = core.list(names), imports = core.list(imports) }
