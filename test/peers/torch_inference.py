"""PyTorch, eager, without gradients: LeNet-5 (tanh, average pooling), bytes in memory to probabilities. Protocol as in torch_training.py."""
import os, sys, time
import numpy as np
import torch
from torch import nn

data, batch, threads = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
torch.set_num_threads(threads)
with open(os.path.join(data, "t10k-images-idx3-ubyte"), "rb") as file:
    images = torch.from_numpy(np.frombuffer(file.read()[16:], dtype=np.uint8).reshape(-1, 1, 28, 28).copy())
model = nn.Sequential(
    nn.Conv2d(1, 6, 5), nn.Tanh(), nn.AvgPool2d(2),
    nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2),
    nn.Conv2d(16, 120, 5), nn.Tanh(), nn.Flatten(),
    nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, 10),
).eval()
print(f"PyTorch {torch.__version__}, eager, batch {batch}, {threads} threads", flush=True)
position = 0
with torch.inference_mode():
    for line in sys.stdin:
        steps = int(line.split()[1])
        started = time.perf_counter()
        for _ in range(steps):
            if position + batch > len(images):
                position = 0
            x = (images[position : position + batch].float() / 255 - 0.5) / 0.5
            position += batch
            model(nn.functional.pad(x, (2, 2, 2, 2), value=-1.0)).softmax(1)
        print(time.perf_counter() - started, flush=True)
