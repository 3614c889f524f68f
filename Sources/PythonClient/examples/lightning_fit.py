"""Lightning's fit on a small network. Each step's rate and loss go to steps.log.

    traintui run -- python lightning_fit.py [EPOCHS]
"""

import sys

import lightning as L
import torch

import traintui


class Book(L.LightningModule):
    def __init__(self):
        super().__init__()
        self.net = torch.nn.Sequential(torch.nn.Linear(8, 30), torch.nn.ELU(), torch.nn.Linear(30, 1))

    def training_step(self, batch, index):
        loss = torch.nn.functional.mse_loss(self.net(batch[0]), batch[1])
        with open("steps.log", "a") as log:
            print(self.global_step + 1, self.optimizers().param_groups[0]["lr"], loss.item(), file=log)
        return loss

    def validation_step(self, batch, index):
        self.log("val_loss", torch.nn.functional.mse_loss(self.net(batch[0]), batch[1]))

    def configure_optimizers(self):
        optimizer = torch.optim.NAdam(self.parameters(), lr=0.01)
        schedule = torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.9)
        return {"optimizer": optimizer, "lr_scheduler": schedule}


L.seed_everything(42, verbose=False)
data = torch.utils.data.TensorDataset(torch.randn(320, 8), torch.randn(320, 1))
trainer = L.Trainer(
    max_epochs=int(sys.argv[1]) if len(sys.argv) > 1 else 50, accelerator="cpu", callbacks=[traintui.LightningCallback()],
    logger=False, enable_checkpointing=False, enable_progress_bar=False, enable_model_summary=False)
trainer.fit(Book(), torch.utils.data.DataLoader(data, 32), torch.utils.data.DataLoader(data, 64))
