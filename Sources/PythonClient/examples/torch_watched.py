"""The book's loop in PyTorch with its epochs, metrics and validation said: three lines more.

    traintui run -- python torch_watched.py [EPOCHS]
"""

import sys

import torch

import traintui

torch.manual_seed(42)
model = torch.nn.Sequential(torch.nn.Linear(8, 30), torch.nn.ELU(), torch.nn.Linear(30, 1))
optimizer = torch.optim.NAdam(model.parameters(), lr=0.01)
X, y = torch.randn(320, 8), torch.randn(320, 1)
held = torch.randn(64, 8), torch.randn(64, 1)
loss_fn = torch.nn.functional.mse_loss


def validate():
    with torch.no_grad():
        return loss_fn(model(held[0]), held[1])


run = traintui.watch(
    model, optimizer, loss="mse", title="book", evaluate=validate,
    save=lambda path: torch.save(model.state_dict(), path))
loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(X, y), batch_size=32, shuffle=True)
for epoch in run.epochs(int(sys.argv[1]) if len(sys.argv) > 1 else 50):
    for inputs, targets in run.batches(loader):
        optimizer.zero_grad()
        outputs = model(inputs)
        loss = loss_fn(outputs, targets)
        loss.backward()
        optimizer.step()
        run.loss(loss)
        run.metric("mae", (outputs - targets).abs().mean())
    run.validated(validate())
