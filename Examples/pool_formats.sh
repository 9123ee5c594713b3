#!/bin/sh
# Sends one photograph as a picture, as a NumPy array and compressed, and a request to the KServe endpoint. Needs curl.
#
#     make run                    # in another terminal
#     Examples/pool_formats.sh
#
# POOLING_SERVER_URL is the address of another server.
set -eu

url=${POOLING_SERVER_URL:-http://127.0.0.1:8080}
here=$(dirname "$0")
target=$(mktemp -d)
trap 'rm -r "$target"' EXIT

ask() {
    curl --silent --show-error --fail-with-body "$@"
}

echo '1. A picture in, a picture out'
ask --data-binary "@$here/photo.png" -H 'Content-Type: image/png' \
    "$url/v1/forward?op=max&kernel=8" -o "$target/pooled.png"
ls -l "$target/pooled.png"

echo '2. A picture in, a NumPy array out'
ask --data-binary "@$here/photo.png" -H 'Content-Type: image/png' -H 'Accept: application/x-npy' \
    "$url/v1/forward?op=avg&kernel=8" -o "$target/pooled.npy"
head -c 128 "$target/pooled.npy" | tail -c +11

echo '3. An array in, JSON out'
ask --data-binary "@$here/photo.npy" -H 'Content-Type: application/x-npy' -H 'Accept: application/json' \
    "$url/v1/forward?op=max&kernel=24&layout=channels_last"
echo

echo '4. A compressed request and a compressed response'
gzip --stdout "$here/photo.json" | ask --compressed --data-binary @- -H 'Content-Encoding: gzip' "$url/v1/forward" |
    tail -c 120
echo

echo '5. The Open Inference Protocol'
ask --data-binary @- "$url/v2/models/forward/infer" <<'END'
{"parameters": {"op": "max", "kernel": "2,2"},
 "inputs": [{"name": "input", "datatype": "FP32", "shape": [2, 2], "data": [1, 2, 3, 4]}]}
END
echo

echo '6. A picture cannot hold indices: the error names the formats that can'
curl --silent --data-binary "@$here/photo.png" -H 'Content-Type: image/png' \
    "$url/v1/forward?op=max&kernel=2&return_indices=true"
echo
