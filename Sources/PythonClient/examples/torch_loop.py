"""The book's loop in PyTorch, which knows nothing of traintui. Each step's learning rate and loss go to steps.log.

    traintui run -- python torch_loop.py [EPOCHS] [SECONDS A STEP]
"""

import hashlib
import sys
import time

import torch

count = int(sys.argv[1]) if len(sys.argv) > 1 else 50
seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 0.005
torch.manual_seed(42)
torch.set_num_threads(1)
model = torch.nn.Sequential(torch.nn.Linear(8, 30), torch.nn.ELU(), torch.nn.Linear(30, 1))
optimizer = torch.optim.NAdam(model.parameters(), lr=0.01)
schedule = torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.9999)
X, y = torch.randn(320, 8), torch.randn(320, 1)
step = 0
with open("steps.log", "w") as log:
    for epoch in range(count):
        for i in range(0, 320, 32):
            optimizer.zero_grad()
            loss = torch.nn.functional.mse_loss(model(X[i : i + 32]), y[i : i + 32])
            loss.backward()
            optimizer.step()
            step += 1
            log.write(f"{step} {optimizer.param_groups[0]['lr']!r} {loss.item()!r}\n")
            schedule.step()
            if seconds:
                log.flush()
                time.sleep(seconds)
weights = b"".join(p.detach().numpy().tobytes() for p in model.parameters())
with open("end.log", "w") as log:
    log.write(f"{step} {hashlib.sha256(weights).hexdigest()}\n")
