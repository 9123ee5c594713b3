"""Makes photo.png, photo.npy and photo.json from a photograph of the cat Chelsea.

    pip install scikit-image pillow
    python make_photo.py
"""

import json
from pathlib import Path

import numpy
from PIL import Image
from skimage import data

HERE = Path(__file__).parent
WIDTH, HEIGHT = 72, 48

picture = Image.fromarray(data.chelsea()).resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
picture.save(HERE / "photo.png", optimize=True)

pixels = numpy.asarray(picture)
numpy.save(HERE / "photo.npy", pixels)

request = {
    "op": "max",
    "kernel": 4,
    "layout": "channels_last",
    "return_indices": True,
    "input": {"shape": list(pixels.shape), "dtype": "uint8", "data": pixels.ravel().tolist()},
}
(HERE / "photo.json").write_text(json.dumps(request, separators=(",", ":")) + "\n")
