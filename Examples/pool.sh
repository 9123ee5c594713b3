#!/bin/sh
# A tour of the service: pools, takes the gradient back, and asks for a shape. Needs curl.
#
#     make run            # in another terminal
#     Examples/pool.sh
#
# POOLING_SERVER_URL names another server.
set -eu

url=${POOLING_SERVER_URL:-http://127.0.0.1:8080}
here=$(dirname "$0")

ask() {
    curl --silent --show-error --fail-with-body --header 'Content-Type: application/json' --data-binary @- "$url$1"
}

echo '1. Forward: the largest element of each 2x2 window, and where it stood'
ask /v1/forward <<'END'
{"op": "max", "kernel": 2, "return_indices": true,
 "input": [[ 1,  5,  2,  3],
           [ 4,  0,  7,  6],
           [ 9,  8, 11, 10],
           [12, 15, 14, 13]]}
END
echo

echo '2. Backward: the gradient goes to where the largest elements stood'
ask /v1/backward <<'END'
{"op": "max", "kernel": 2, "input_shape": [4, 4],
 "indices": [[1, 6], [13, 14]],
 "grad_output": [[0.1, 0.2], [0.3, 0.4]]}
END
echo

echo '3. Shape: what ResNet makes of a picture with its first pooling layer; no tensor is sent'
ask /v1/shape <<'END'
{"op": "max", "kernel": 3, "stride": 2, "padding": 1, "input_shape": [1, 64, 112, 112]}
END
echo

echo '4. A photograph as JSON: the answer is long, so this is its end'
ask /v1/forward <"$here/photo.json" | tail -c 120
echo

echo '5. The same photograph as a picture, halved into Examples/half.png'
curl --silent --show-error --fail-with-body --header 'Content-Type: image/png' --data-binary "@$here/photo.png" \
    --output "$here/half.png" "$url/v1/forward?op=avg&kernel=2"
ls -l "$here/half.png"
