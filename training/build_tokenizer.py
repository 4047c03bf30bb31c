"""Learns the pieces from generated sentences and writes tokenizer.json and tokenizer_config.json."""

import itertools
import json
import os

from bpe import Tokenizer, train
from dataset import Pairs, training

HERE = os.path.dirname(os.path.abspath(__file__))
MODEL = os.path.join(HERE, "..", "public", "models", "mini-gpt")
SIZE = 1024

if __name__ == "__main__":
    os.makedirs(os.path.join(MODEL, "onnx"), exist_ok=True)
    pairs = itertools.islice(training(Pairs(seed=11)), 40000)
    tokenizer = Tokenizer(train((text for pair in pairs for text in pair[:2]), SIZE))
    with open(os.path.join(MODEL, "tokenizer.json"), "w") as file:
        json.dump(tokenizer.json(), file, ensure_ascii=False, indent=1)
        file.write("\n")
    config = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "bos_token": "<bos>",
        "eos_token": "<eos>",
        "pad_token": "<pad>",
        "model_max_length": 128,
        "clean_up_tokenization_spaces": False,
        "add_prefix_space": False,
        "model_input_names": ["input_ids", "attention_mask"],
    }
    with open(os.path.join(MODEL, "tokenizer_config.json"), "w") as file:
        json.dump(config, file, indent=2)
        file.write("\n")
    print(len(tokenizer.pieces), tokenizer.encode("She doesn't like the anacondas."))
