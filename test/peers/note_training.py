"""The study note's own program, written from its description: PIL transforms, a DataLoader, sigmoid LeNet-5 with an RBF layer."""
import os, sys, time
import numpy as np
import torch
from PIL import Image
from torch import nn
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms

data, batch = sys.argv[1], int(sys.argv[2])
torch.manual_seed(1)


def idx(name, header):
    with open(os.path.join(data, name), "rb") as file:
        return np.frombuffer(file.read()[header:], dtype=np.uint8)


class Digits(Dataset):
    def __init__(self):
        self.images = idx("train-images-idx3-ubyte", 16).reshape(-1, 28, 28)
        self.labels = idx("train-labels-idx1-ubyte", 8)
        self.transform = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.5,), (0.5,))])

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, index):
        return self.transform(Image.fromarray(self.images[index])), int(self.labels[index])


class Rbf(nn.Module):
    def __init__(self):
        super().__init__()
        self.centres = nn.Parameter(torch.randn(10, 84))
        self.sigma = 1.0

    def forward(self, x):
        distance = ((x.unsqueeze(1) - self.centres) ** 2).sum(2)
        return torch.exp(-distance / (2 * self.sigma**2))


model = nn.Sequential(
    nn.Conv2d(1, 6, 5, padding=2), nn.Sigmoid(), nn.AvgPool2d(2),
    nn.Conv2d(6, 16, 5), nn.Sigmoid(), nn.AvgPool2d(2),
    nn.Conv2d(16, 120, 5), nn.Sigmoid(), nn.Flatten(),
    nn.Linear(120, 84), nn.Sigmoid(), Rbf(),
)
optimiser = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
loss_of = nn.CrossEntropyLoss()
loader = DataLoader(Digits(), batch_size=batch, shuffle=True)
print(f"the study note's program, PyTorch {torch.__version__}", flush=True)
batches = iter(loader)
for line in sys.stdin:
    steps = int(line.split()[1])
    started = time.perf_counter()
    for _ in range(steps):
        try:
            images, labels = next(batches)
        except StopIteration:
            batches = iter(loader)
            images, labels = next(batches)
        optimiser.zero_grad()
        loss = loss_of(model(images), labels)
        loss.backward()
        optimiser.step()
        loss.item()
    print(time.perf_counter() - started, flush=True)
