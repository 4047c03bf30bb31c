#!/usr/bin/env bash
# Has the openai client, guidellm and bench --target drive `headway serve` on WASM, and prints their figures side by side.
# usage: scripts/engines/cross-check.sh [PORT]
set -euo pipefail
port=${1:-8311}
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
. "$here/install.sh"
url=http://127.0.0.1:$port
out=$(mktemp -d)
export HF_HUB_OFFLINE=1

install clients 'guidellm==0.8.1' 'openai==3.57.0' 'transformers==5.24.0'
cd "$root"
node --import tsx cli/main.ts serve --backend wasm --port "$port" --max-batch 4 &
server=$!
trap 'kill "$server" 2>/dev/null || true' EXIT
until curl --silent --fail "$url/health" >/dev/null; do
  kill -0 "$server"
  sleep 1
done

"$home/clients/bin/python" "$here/openai_client.py" "$url"
for round in 1 2 3; do
  curl --silent "$url/metrics" >"$out/before-$round.txt"
  "$home/clients/bin/guidellm" run \
    --backend "kind=openai_http,target=$url,request_format=/v1/chat/completions" \
    --profile kind=concurrent,streams=4 --tokenizer "kind=hf_auto,model=$root/public/models/mini-gpt" \
    --data kind=synthetic_text,prompt_tokens=16,output_tokens=24 --constraint kind=max_requests,count=200 \
    --disable-console --output "kind=json,path=$out/guidellm-$round.json"
  curl --silent "$url/metrics" >"$out/after-$round.txt"
  node --import tsx cli/main.ts bench --target "$url" --concurrency 4 --requests 200 --repeats 1 \
    --prompt-tokens 16 --output-tokens 24 --json >"$out/bench-$round.json"
done
"$home/clients/bin/python" "$here/compare.py" "$out"
