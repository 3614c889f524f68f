"""Two or more processes that train together and know nothing of traintui. Each one's rates go to steps-RANK.log.

    traintui run -- torchrun --standalone --nproc-per-node 2 ddp_loop.py [STEPS] [SECONDS A STEP]
"""

import sys
import time

import torch
import torch.distributed as dist

count = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 0.005
dist.init_process_group("gloo")
rank, world = dist.get_rank(), dist.get_world_size()
torch.manual_seed(42)
torch.set_num_threads(1)
model = torch.nn.Sequential(torch.nn.Linear(8, 30), torch.nn.ELU(), torch.nn.Linear(30, 1))
model = torch.nn.parallel.DistributedDataParallel(model)
optimizer = torch.optim.NAdam(model.parameters(), lr=0.01)
X, y = torch.randn(320, 8), torch.randn(320, 1)
with open(f"steps-{rank}.log", "w") as log:
    for step in range(1, count + 1):
        i = 32 * ((step * world + rank) % 10)
        optimizer.zero_grad()
        loss = torch.nn.functional.mse_loss(model(X[i : i + 32]), y[i : i + 32])
        loss.backward()
        optimizer.step()
        print(step, optimizer.param_groups[0]["lr"], file=log, flush=True)
        time.sleep(seconds)
with open(f"end-{rank}.log", "w") as log:
    print(step, sum(float(p.double().sum()) for p in model.parameters()), file=log)
dist.destroy_process_group()
