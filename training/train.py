"""Trains the tutor: fresh sentences at every step, loss on the corrected sentence only.

    python3 training/build_tokenizer.py
    python3 training/train.py --steps 9000

Writes training/out/checkpoint.pt (to continue with --resume), training/out/model.safetensors and
training/log.csv.
"""

import argparse
import csv
import json
import math
import multiprocessing
import os
import random
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F

from bpe import EOS, PAD, Tokenizer
from build_tokenizer import HERE, MODEL
from dataset import Pairs, held_out, sentence_held_out, training
from model import Decoder, Shape, hub_config, save_safetensors

OUT = os.path.join(HERE, "out")
CHECKPOINT = os.path.join(OUT, "checkpoint.pt")
CHUNK = 12000  # pairs generated, sorted by length and cut into batches at a time
LONGEST = 110


def batches(seed, tokens, forbidden):
    """Endless batches, of pairs of about the same length, of (ids, prompt length)."""
    tokenizer = Tokenizer.load(os.path.join(MODEL, "tokenizer.json"))
    stream, rng = training(Pairs(seed), forbidden), random.Random(seed)
    while True:
        chunk = []
        while len(chunk) < CHUNK:
            source, target, *_ = next(stream)
            assert target not in forbidden and not sentence_held_out(target), target
            prompt = tokenizer.prompt(source)
            ids = prompt + tokenizer.encode(target) + [EOS]
            if len(ids) <= LONGEST:
                chunk.append((np.array(ids, dtype=np.int16), len(prompt)))
        chunk.sort(key=lambda p: len(p[0]) + rng.random())
        cut, rows = [], []
        for pair in chunk:
            if rows and (len(rows) + 1) * len(pair[0]) > tokens:
                cut.append(rows)
                rows = []
            rows.append(pair)
        rng.shuffle(cut)
        yield from cut


def tensors(rows):
    """ids [B, S] padded on the right; where the loss counts; what comes next there."""
    width = max(len(ids) for ids, _ in rows)
    ids = torch.full((len(rows), width), PAD, dtype=torch.long)
    counts = torch.zeros((len(rows), width), dtype=torch.bool)
    for i, (row, prompt) in enumerate(rows):
        ids[i, : len(row)] = torch.from_numpy(row.astype(np.int64))
        counts[i, prompt - 1 : len(row) - 1] = True
    return ids, counts, ids.roll(-1, 1)[counts]


def exact(model, tokenizer, pairs):
    """For each pair, does greedy decoding give exactly the target?

    It does if and only if the likeliest token is the right one at each place of the target, so one
    pass over the right answer settles it without generating.
    """
    rows = []
    for source, target, *_ in pairs:
        prompt = tokenizer.prompt(source)
        rows.append((np.array(prompt + tokenizer.encode(target) + [EOS]), len(prompt)))
    right = [False] * len(rows)
    order = sorted(range(len(rows)), key=lambda i: len(rows[i][0]))
    with torch.no_grad():
        for start in range(0, len(order), 64):
            part = order[start : start + 64]
            ids, counts, wanted = tensors([rows[i] for i in part])
            hits = torch.ones_like(counts)
            hits[counts] = model.head(model(ids)[counts]).argmax(-1) == wanted
            for i, ok in zip(part, hits.all(1).tolist()):
                right[i] = ok
    return right


def rate(step, progress, peak, warm=300):
    """The learning rate: a warm-up by steps, then half a cosine down to a fiftieth of the peak."""
    return peak * min(1, (step + 1) / warm) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * min(1, progress))))


class Trainer:
    """One of `ranks` processes, each on one core with its own sentences, in step with the others.

    Each writes its gradient to shared memory, waits, and takes the same step on the mean. On a busy
    machine this is several times faster than two threads that meet at every operation.
    """

    def __init__(self, rank, args, shared, barrier, evaluation):
        self.rank, self.args, self.shared, self.barrier = rank, args, shared, barrier
        torch.set_num_threads(1)
        torch.manual_seed(args.seed)
        self.tokenizer = Tokenizer.load(os.path.join(MODEL, "tokenizer.json"))
        self.evaluation = evaluation[:300] + evaluation[-300:]
        self.shape = Shape()
        self.model = Decoder(self.shape)
        self.parameters = list(self.model.parameters())
        decay = [p for p in self.parameters if p.dim() == 2]
        plain = [p for p in self.parameters if p.dim() < 2]
        groups = [{"params": decay, "weight_decay": 0.05}, {"params": plain, "weight_decay": 0.0}]
        self.adam = torch.optim.AdamW(groups, lr=args.peak, betas=(0.9, 0.98), foreach=True)
        self.step, self.seconds, self.loss = 0, 0.0, 0.0
        if args.resume:
            state = torch.load(CHECKPOINT)
            self.model.load_state_dict(state["model"])
            self.adam.load_state_dict(state["adam"])
            self.step, self.seconds, self.loss = state["step"], state["seconds"], state["loss"]
        self.began = time.time() - self.seconds
        self.progress = 0.0  # told by rank 0 at each step, so that all take the same one
        self.parent = os.getppid()
        seed = 100000 * args.seed + 10 * self.step + rank
        forbidden = {pair[1] for pair in evaluation}
        self.stream = batches(seed, args.tokens // args.ranks, forbidden)

    def progress_now(self):
        """How much of the run is done, by its steps or by the clock, whichever is further."""
        by_clock = (time.time() - self.began) / (60 * self.args.minutes) if self.args.minutes else 0
        return max(by_clock, self.step / self.args.steps)

    def share_gradients(self):
        flat = torch.cat([p.grad.reshape(-1) for p in self.parameters])
        self.shared[self.rank, 1:].copy_(flat)
        if self.rank == 0:
            self.shared[0, 0] = self.progress_now()
        self.barrier.wait(timeout=300)
        self.progress = self.shared[0, 0].item()
        mean = self.shared[:, 1:].mean(0)
        self.barrier.wait(timeout=300)
        at = 0
        for p in self.parameters:
            p.grad.copy_(mean[at : at + p.numel()].view_as(p))
            at += p.numel()

    def train_step(self):
        ids, counts, wanted = tensors(next(self.stream))
        loss = F.cross_entropy(self.model.head(self.model(ids)[counts]), wanted)
        self.adam.zero_grad(set_to_none=True)
        loss.backward()
        self.share_gradients()
        torch.nn.utils.clip_grad_norm_(self.parameters, 1.0)
        for group in self.adam.param_groups:
            group["lr"] = rate(self.step, self.progress, self.args.peak)
        self.adam.step()
        self.step += 1
        self.loss = 0.98 * self.loss + 0.02 * loss.item() if self.loss else loss.item()

    def save(self):
        save_safetensors(os.path.join(OUT, "model.safetensors"), self.model.weights())
        with open(os.path.join(OUT, "config.json"), "w") as file:
            json.dump(hub_config(self.shape), file, indent=2)
        state = {
            "model": self.model.state_dict(),
            "adam": self.adam.state_dict(),
            "step": self.step,
            "seconds": time.time() - self.began,
            "loss": self.loss,
        }
        torch.save(state, CHECKPOINT + ".new")
        os.replace(CHECKPOINT + ".new", CHECKPOINT)

    def run(self):
        if self.rank == 0:
            log = open(os.path.join(HERE, "log.csv"), "a" if self.args.resume else "w", newline="")
            writer = csv.writer(log, lineterminator="\n")
            if not self.args.resume:
                writer.writerow(["step", "seconds", "learning_rate", "loss", "held_out_exact"])
        while self.progress < 1 and os.getppid() == self.parent:
            self.train_step()
            if self.rank == 0 and (self.step % 100 == 0 or self.progress >= 1):
                score = ""
                if self.step % 500 == 0 or self.progress >= 1:
                    hits = exact(self.model, self.tokenizer, self.evaluation)
                    score = f"{sum(hits) / len(hits):.4f}"
                    self.save()
                lr = self.adam.param_groups[0]["lr"]
                row = [self.step, round(time.time() - self.began), f"{lr:.6f}", f"{self.loss:.4f}", score]
                writer.writerow(row)
                log.flush()
                print(*row, flush=True)


def work(*told):
    Trainer(*told).run()


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--steps", type=int, default=9000)
    options.add_argument("--minutes", type=float, help="end by the clock, if that comes before the last step")
    options.add_argument("--peak", type=float, default=4e-3)
    options.add_argument("--tokens", type=int, default=4096, help="a step, over all processes")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--ranks", type=int, default=2, help="processes, one a core")
    options.add_argument("--resume", action="store_true")
    args = options.parse_args()
    os.makedirs(OUT, exist_ok=True)
    size = sum(p.numel() for p in Decoder(Shape()).parameters())
    print(f"{size} parameters", flush=True)
    shared = torch.zeros(args.ranks, 1 + size).share_memory_()
    spawn = multiprocessing.get_context("spawn")
    evaluation = held_out(seed=7, each=2000)
    barrier = spawn.Barrier(args.ranks)
    workers = [
        spawn.Process(target=work, args=(r, args, shared, barrier, evaluation), daemon=True) for r in range(args.ranks)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


if __name__ == "__main__":
    # One core a process; and big blocks stay with the process, or half the time goes to page faults.
    wanted = {
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "MALLOC_ARENA_MAX": "1",
        "MALLOC_MMAP_THRESHOLD_": "2000000000",
        "MALLOC_TRIM_THRESHOLD_": "2000000000",
        "MALLOC_TOP_PAD_": "400000000",
    }
    if any(os.environ.get(k) != v for k, v in wanted.items()):
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, **wanted})
    main()
