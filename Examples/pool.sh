#!/bin/sh
# Sends a forward, a backward and a shape request, and pools a photograph. Needs curl.
#
#     make run            # in another terminal
#     Examples/pool.sh
#
# POOLING_SERVER_URL is the address of another server.
set -eu

url=${POOLING_SERVER_URL:-http://127.0.0.1:8080}
here=$(dirname "$0")

ask() {
    curl --silent --show-error --fail-with-body --header 'Content-Type: application/json' --data-binary @- "$url$1"
}

echo '1. Forward: the largest value of each 2x2 window, with indices'
ask /v1/forward <<'END'
{"op": "max", "kernel": 2, "return_indices": true,
 "input": [[ 1,  5,  2,  3],
           [ 4,  0,  7,  6],
           [ 9,  8, 11, 10],
           [12, 15, 14, 13]]}
END
echo

echo '2. Backward: the gradient goes to the positions of these indices'
ask /v1/backward <<'END'
{"op": "max", "kernel": 2, "input_shape": [4, 4],
 "indices": [[1, 6], [13, 14]],
 "grad_output": [[0.1, 0.2], [0.3, 0.4]]}
END
echo

echo '3. Shape: the first pooling layer of ResNet; no tensor is sent'
ask /v1/shape <<'END'
{"op": "max", "kernel": 3, "stride": 2, "padding": 1, "input_shape": [1, 64, 112, 112]}
END
echo

response=$(mktemp)
trap 'rm -f "$response"' EXIT

echo '4. A photograph as JSON, 4x4 windows with indices: the end of the long response'
ask /v1/forward <"$here/photo.json" >"$response"
tail -c 120 "$response"
echo

echo '5. The gradient from these indices, with the output as its own gradient: the end again'
# The response has {"output":{...},"output_shape":[...],"indices":{...},...}; gradients are floating-point numbers.
output=$(sed 's/^{"output":\({[^}]*}\).*/\1/; s/"uint8"/"float32"/' "$response")
indices=$(sed 's/.*"indices":\({[^}]*}\).*/\1/' "$response")
ask /v1/backward <<END | tail -c 60
{"op": "max", "kernel": 4, "layout": "channels_last", "input_shape": [48, 72, 3],
 "indices": $indices, "grad_output": $output}
END
echo

echo '6. Shape: that layer on the photograph'
ask /v1/shape <<'END'
{"op": "max", "kernel": 4, "layout": "channels_last", "input_shape": [48, 72, 3], "dtype": "uint8"}
END
echo

echo '7. The photograph at half its size, as a NumPy file in Examples/half.npy and as a picture in Examples/half.png'
pool_file() {
    curl --silent --show-error --fail-with-body --header "Content-Type: $1" --data-binary "@$here/$2" \
        --output "$here/$3" "$url/v1/forward?op=avg&kernel=2&layout=channels_last"
    wc -c "$here/$3"
}
pool_file application/x-npy photo.npy half.npy
pool_file image/png photo.png half.png
