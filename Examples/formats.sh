#!/bin/sh
# One line of curl for each wire format, over the photograph beside this file.
#
#     make run            # in another terminal
#     Examples/formats.sh
#
# POOLING_SERVER_URL names another server.
set -eu

url=${POOLING_SERVER_URL:-http://127.0.0.1:8080}
here=$(dirname "$0")
out=$(mktemp -d)
trap 'rm -r "$out"' EXIT

send() {
    curl --silent --show-error --fail-with-body --data-binary "@$1" --header "Content-Type: $2" --output "$3" "$url$4"
    printf '%-32s %8d bytes in, %8d out\n' "$2" "$(wc -c <"$1")" "$(wc -c <"$3")"
}

send "$here/photo.json" application/json "$out/a.json" /v1/forward
send "$here/photo.npy" application/x-npy "$out/a.npy" '/v1/forward?op=max&kernel=4&layout=channels_last'
send "$here/photo.png" image/png "$out/a.png" '/v1/forward?op=max&kernel=4'

# A safetensors file is the length of its header, the header, and the bytes: the photograph without its npy header.
{
    printf '{"input":{"dtype":"U8","shape":[48,72,3],"data_offsets":[0,10368]}}     ' >"$out/header"
    printf '\110\0\0\0\0\0\0\0'
    cat "$out/header"
    tail -c 10368 "$here/photo.npy"
} >"$out/photo.safetensors"
send "$out/photo.safetensors" application/vnd.safetensors "$out/a.safetensors" \
    '/v1/forward?op=max&kernel=4&layout=channels_last&return_indices=true'

printf '%s' '{"parameters": {"op": "max", "kernel": "2,2"},
  "inputs": [{"name": "input", "shape": [2, 2], "datatype": "FP32", "data": [1, 2, 3, 4]}]}' >"$out/kserve.json"
send "$out/kserve.json" application/json "$out/a.kserve" /v2/models/forward/infer
