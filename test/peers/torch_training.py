"""PyTorch, eager: LeNet-5 of 61,706 parameters (tanh, average pooling), tensors in memory, SGD with momentum.

Line protocol of all peers: on "run N" train N steps and answer the seconds they took; the first line says what runs.
"""
import os, sys, time
import numpy as np
import torch
from torch import nn

data, batch, threads = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
torch.set_num_threads(threads)
torch.manual_seed(1)


def idx(name, header):
    with open(os.path.join(data, name), "rb") as file:
        return np.frombuffer(file.read()[header:], dtype=np.uint8)


images = torch.from_numpy((idx("train-images-idx3-ubyte", 16).reshape(-1, 1, 28, 28).astype(np.float32) / 255 - 0.5) / 0.5)
images = nn.functional.pad(images, (2, 2, 2, 2), value=-1.0)
labels = torch.from_numpy(idx("train-labels-idx1-ubyte", 8).astype(np.int64))
model = nn.Sequential(
    nn.Conv2d(1, 6, 5), nn.Tanh(), nn.AvgPool2d(2),
    nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2),
    nn.Conv2d(16, 120, 5), nn.Tanh(), nn.Flatten(),
    nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, 10),
)
assert sum(p.numel() for p in model.parameters()) == 61_706
optimiser = torch.optim.SGD(model.parameters(), lr=0.03, momentum=0.9)
loss_of = nn.CrossEntropyLoss()
print(f"PyTorch {torch.__version__}, eager, {threads} threads", flush=True)
position, order = 0, torch.randperm(len(labels))
for line in sys.stdin:
    steps = int(line.split()[1])
    started = time.perf_counter()
    for _ in range(steps):
        if position + batch > len(labels):
            position, order = 0, torch.randperm(len(labels))
        rows = order[position : position + batch]
        position += batch
        optimiser.zero_grad()
        loss = loss_of(model(images[rows]), labels[rows])
        loss.backward()
        optimiser.step()
    loss.item()
    print(time.perf_counter() - started, flush=True)
