-- For wrk: POSTs of one body, each with a token of its own.
--   wrk -s load.lua URL -- PATH BODY TOKENS THREADS DELAY
-- TOKENS: a file, one a line, or "none"; each of the THREADS takes its own slice. When one is used up its last is sent again, which the service
-- refuses; the run says that it ran out. DELAY: milliseconds between an answer and the next request of a connection,
-- on average: from none to twice as many, or all connections would ask together for ever.
local threads = {}
function setup(thread)
  thread:set("place", #threads)
  threads[#threads + 1] = thread
end

local before, after, tokens, used

local function read(file)
  local handle = assert(io.open(file, "rb"))
  local text = handle:read("*a")
  handle:close()
  return text
end

function init(args)
  local body = read(args[2])
  before = "POST " .. args[1] .. " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: " .. #body .. "\r\n"
  after = "\r\n" .. body
  tokens, used = {}, 0
  if args[3] ~= "none" then
    local number = 0
    for line in io.lines(args[3]) do
      if number % tonumber(args[4]) == place then tokens[#tokens + 1] = line end
      number = number + 1
    end
  end
  local wait = tonumber(args[5])
  if wait > 0 then
    delay = function() return math.random(0, 2 * wait) end
  end
end

function request()
  if #tokens == 0 then return before .. after end
  ran_out = used == #tokens
  used = math.min(used + 1, #tokens)
  return before .. "Authorization: Bearer " .. tokens[used] .. "\r\n" .. after
end

function done(summary, latency)
  local errors = summary.errors
  local short = false
  for _, thread in ipairs(threads) do short = short or thread:get("ran_out") or false end
  io.write(string.format('\n{"requests":%d,"us":%d,"failed":%d,"ranOut":%s,"p50":%d,"p99":%d}\n', summary.requests, summary.duration,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout, tostring(short), latency:percentile(50),
    latency:percentile(99)))
end
