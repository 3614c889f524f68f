"""The Trainer of transformers on a tiny model of random weights. Each step's rate and loss go to steps.log.

    traintui run -- python hf_trainer.py [STEPS]
"""

import sys

import torch
from transformers import BertConfig, BertForSequenceClassification, Trainer, TrainerCallback, TrainingArguments

import traintui


class Log(TrainerCallback):
    def on_pre_optimizer_step(self, args, state, control, **kwargs):
        with open("steps.log", "a") as log:
            print(state.global_step + 1, kwargs["optimizer"].param_groups[0]["lr"], file=log)


torch.manual_seed(42)
config = BertConfig(vocab_size=50, hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32)
model = BertForSequenceClassification(config)
tokens = torch.randint(0, 50, (64, 8))
rows = [{"input_ids": row, "labels": int(row[0] > row[1])} for row in tokens]
args = TrainingArguments(
    "out", max_steps=int(sys.argv[1]) if len(sys.argv) > 1 else 500, per_device_train_batch_size=8, learning_rate=0.001,
    gradient_accumulation_steps=2, report_to=[], save_strategy="no", disable_tqdm=True, use_cpu=True, logging_steps=10000)
trainer = Trainer(model, args, train_dataset=rows, eval_dataset=rows[:16], callbacks=[traintui.HFCallback(), Log()])
trainer.train()
