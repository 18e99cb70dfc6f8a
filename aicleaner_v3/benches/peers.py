"""Measures Pillow + ImageHash, OpenCV and libvips on the files that `vision_bench` has drawn.

    python3 peers.py FOLDER        (needs: pillow imagehash opencv-python-headless pyvips pyvips-binary)

Prints, as JSON, the median milliseconds of CPU time a frame: the full path (decode, longest side 1024,
encode at quality 85, a hash) of each, and the floor of any gate (decode at 1/8 by libjpeg-turbo, a dHash).
It keeps itself to one core.
"""

import io
import json
import os
import sys
import time
from pathlib import Path

os.environ["VIPS_CONCURRENCY"] = "1"
os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})

import cv2  # noqa: E402
import imagehash  # noqa: E402
import numpy  # noqa: E402
import pyvips  # noqa: E402
from PIL import Image  # noqa: E402

ROUNDS = 31
LONGEST = 1024
QUALITY = 85

cv2.setNumThreads(1)
pyvips.cache_set_max(0)


def median(run):
    run()
    times = []
    for _ in range(ROUNDS):
        start = time.process_time()
        run()
        times.append((time.process_time() - start) * 1000)
    return round(sorted(times)[ROUNDS // 2], 2)


def pillow(data):
    image = Image.open(io.BytesIO(data)).convert("RGB")
    image.thumbnail((LONGEST, LONGEST))
    image.save(io.BytesIO(), "JPEG", quality=QUALITY)
    imagehash.dhash(image)


def opencv(data):
    image = cv2.imdecode(numpy.frombuffer(data, numpy.uint8), cv2.IMREAD_COLOR)
    height, width = image.shape[:2]
    scale = LONGEST / max(width, height)
    size = (round(width * scale), round(height * scale))
    image = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    dhash(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY))


def vips(data):
    image = pyvips.Image.thumbnail_buffer(data, LONGEST, height=LONGEST, size="down").copy_memory()
    image.jpegsave_buffer(Q=QUALITY)
    image.thumbnail_image(9, height=8, size="force").colourspace("b-w").write_to_memory()


def floor(data):
    buffer = numpy.frombuffer(data, numpy.uint8)
    dhash(cv2.imdecode(buffer, cv2.IMREAD_REDUCED_GRAYSCALE_8))


def dhash(grey):
    small = cv2.resize(grey, (9, 8), interpolation=cv2.INTER_AREA)
    return small[:, 1:] > small[:, :-1]


def main():
    rows = []
    for size in ("720p", "1080p", "4k"):
        data = (Path(sys.argv[1]) / f"{size}.jpg").read_bytes()
        row = {"size": size}
        for run in (pillow, opencv, vips, floor):
            row[f"{run.__name__}_ms"] = median(lambda run=run: run(data))
        rows.append(row)
    print(json.dumps(rows))


if __name__ == "__main__":
    main()
