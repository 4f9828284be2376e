#!/bin/sh
# commbench's generator as one more load tool: a plan, then the generator itself, stand-alone.
#   commbench.sh URL RATE SECONDS CONNS ARRIVALS   (SECONDS 0 = a single request)
# ARRIVALS gets the raw instants, which commbench.mjs reads. PACING=timer|nap|thread instead of auto.
here=$(dirname "$0") origin=$(expr "$1" : '\(http://[^/]*\)') rate=$2 ms=${3}000
[ "$3" = 0 ] && rate=1 ms=1000
cat >"$5.plan" <<PLAN
{"version":1,"name":"referee","mark":"referee","trial":0,"seed":1,"transport":"rest","interaction":"request-reply","options":{"connections":$4},
"address":{"url":"$origin","path":"${1#"$origin"}"},"contract":"null","mix":[{"operation":"nothing","share":1}],"keys":1,
"load":{"shape":"constant","ratePerS":$rate},"durationMs":$ms,"deadlineMs":15000,"drainMs":15000,"warmUp":null,"settle":null,
"pacing":"${PACING:-auto}","shard":{"index":0,"count":1},"arrivalsPath":"$5","socketPath":null}
PLAN
# As the product starts it: compiled code is kept in the per-user cache.
NODE_COMPILE_CACHE="${NODE_COMPILE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/commbench/compiled}" exec "$here/../../node_modules/node/bin/node" $NODE_FLAGS "$here/../../src/load/generator.ts" "$5.plan"
