"""The usual way to serve pooling: FastAPI, orjson and torch. The peer of service.py."""

import numpy
import orjson
import torch
from fastapi import FastAPI, Request, Response

import binary_formats

torch.set_num_threads(1)
app = FastAPI()
BINARY_FORMATS = {binary.media_type: binary for binary in binary_formats.BINARY_FORMATS.values()}


@app.post("/v1/forward")
async def forward(request: Request):
    body = await request.body()
    media_type = request.headers.get("content-type")
    if binary := BINARY_FORMATS.get(media_type):
        query = request.query_params
        output, _ = pool(binary.decode(body, "input"), {name: int(query[name]) for name in query if name != "op"})
        return Response(binary.encode(output, "output"), media_type=media_type)
    fields = orjson.loads(body)
    output, indices = pool(tensor(fields["input"]), fields)
    answer = {"output": output, "output_shape": output.shape}
    if fields.get("return_indices"):
        answer["indices"] = indices
    elif isinstance(fields["input"], dict):
        answer["output"] = {"shape": output.shape, "dtype": "float32", "data": output.ravel()}
    return Response(orjson.dumps(answer, option=orjson.OPT_SERIALIZE_NUMPY), media_type="application/json")


def tensor(value):
    if isinstance(value, dict):
        return numpy.array(value["data"], dtype=numpy.float32).reshape(value["shape"])
    return numpy.array(value, dtype=numpy.float32)


def pool(array, fields):
    extra = max(0, 3 - array.ndim)
    source = torch.from_numpy(array.reshape((1,) * extra + array.shape))
    output, indices = torch.nn.functional.max_pool2d(
        source, fields["kernel"], fields.get("stride"), fields.get("padding", 0), return_indices=True)
    shape = output.shape[extra:]
    return output.numpy().reshape(shape), indices.numpy().reshape(shape)
