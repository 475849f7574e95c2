"""PIL + PyTorch (batch 256) + sqlite3: a folder to committed rows and a CSV. A step is the whole folder. Protocol as in torch_training.py.

`raw`: pictures are 28 x 28 already. `scan`: each is boxed to 20 x 20 and centred in 28 x 28 by its centre of mass, with PIL and numpy."""
import csv, os, sqlite3, sys, tempfile, time
import numpy as np
import torch
from PIL import Image
from torch import nn

_, folder, kind = sys.argv[1:4]
BATCH = 256
model = nn.Sequential(
    nn.Conv2d(1, 6, 5), nn.Tanh(), nn.AvgPool2d(2),
    nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2),
    nn.Conv2d(16, 120, 5), nn.Tanh(), nn.Flatten(),
    nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, 10),
).eval()


def raw(path):
    with Image.open(path) as image:
        return np.asarray(image.convert("L"))


def scan(path):
    with Image.open(path) as image:
        grey = np.asarray(image.convert("L"))
    ink = 255 - grey if np.median(grey) > 127 else grey
    ink = np.clip(ink.astype(np.int16) - int(np.median(ink)), 0, 255).astype(np.uint8)
    mask = ink > ink.max() // 4
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    crop = Image.fromarray(ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])
    scale = 20 / max(crop.size)
    box = np.asarray(crop.resize([max(1, round(side * scale)) for side in crop.size], Image.Resampling.BOX))
    weight = max(1.0, float(box.sum()))
    top = round(13.5 - float((box.sum(1) * np.arange(box.shape[0])).sum()) / weight)
    left = round(13.5 - float((box.sum(0) * np.arange(box.shape[1])).sum()) / weight)
    top, left = min(max(top, 0), 28 - box.shape[0]), min(max(left, 0), 28 - box.shape[1])
    tile = np.zeros((28, 28), np.uint8)
    tile[top : top + box.shape[0], left : left + box.shape[1]] = box
    return tile


def classify(place):
    paths = sorted(os.path.join(at, name) for at, _, names in os.walk(folder) for name in names)
    store = sqlite3.connect(os.path.join(place, "rows.sqlite"))
    store.execute("PRAGMA journal_mode = WAL")
    store.execute("PRAGMA synchronous = NORMAL")
    store.execute("CREATE TABLE row (path TEXT PRIMARY KEY, digit INTEGER, confidence REAL)")
    read = {"raw": raw, "scan": scan}[kind]
    with open(os.path.join(place, "results.csv"), "w", newline="") as file, torch.inference_mode():
        writer = csv.writer(file)
        writer.writerow(["path", "digit", "confidence"])
        for start in range(0, len(paths), BATCH):
            chunk = paths[start : start + BATCH]
            tiles = torch.from_numpy(np.stack([read(path) for path in chunk])).unsqueeze(1)
            x = (tiles.float() / 255 - 0.5) / 0.5
            confidence, digit = model(nn.functional.pad(x, (2, 2, 2, 2), value=-1.0)).softmax(1).max(1)
            rows = list(zip(chunk, digit.tolist(), confidence.tolist()))
            store.executemany("INSERT INTO row VALUES (?, ?, ?)", rows)
            store.commit()
            writer.writerows(rows)
    store.close()


print(f"PIL, PyTorch {torch.__version__} at batch {BATCH}, sqlite3", flush=True)
for line in sys.stdin:
    steps = int(line.split()[1])
    seconds = 0.0
    for _ in range(steps):
        with tempfile.TemporaryDirectory() as place:
            started = time.perf_counter()
            classify(place)
            seconds += time.perf_counter() - started
    print(seconds, flush=True)
