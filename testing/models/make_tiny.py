"""Makes the tiny models of this directory: random weights, written by the exporters that people use.

    python make_tiny.py --builder ENVIRONMENT/bin/python --older-builder ENVIRONMENT/bin/python [FAMILY …]

Each family becomes a directory per graph form (`llama-plain`, `llama-gqa`), laid out as on the hub, with `expected.json`:
prompts of unequal lengths and the tokens that PyTorch chooses for them.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy
import onnx
import onnxruntime
import torch
from jinja2 import TemplateError
from optimum.exporters.onnx import main_export
from transformers import AutoModelForCausalLM, AutoTokenizer, GenerationConfig, PreTrainedTokenizerFast

from chat import TEMPLATES
from families import FAMILIES, Family
from tokenizers_made import MAKERS

HERE = Path(__file__).parent
NEW_TOKENS = 12
LENGTHS = [5, 1, 17, 9]
# Of the two best logits at every step. Less could turn over by rounding.
LEAST_MARGIN = 0.003


def make_tokenizer(family: Family) -> PreTrainedTokenizerFast:
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=MAKERS[family.tokenizer](),
        bos_token="<|begin|>",
        eos_token="<|end|>",
        clean_up_tokenization_spaces=False,
    )
    template = TEMPLATES.get(family.chat)
    if template and family.chat_place == "named":
        tokenizer.chat_template = {"default": template, "tool_use": "{{ tools }}"}
    elif template:
        tokenizer.chat_template = template
    return tokenizer


def make_model(family: Family, vocabulary: int, seed: int, ids: dict[str, int]):
    torch.manual_seed(seed)
    config = family.config(vocab_size=vocabulary, **family.sizes, **family.extra, **ids)
    config._attn_implementation = "eager"
    model = AutoModelForCausalLM.from_config(config).float().eval()
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if "norm" in name or "ln_" in name:
                # Gemma adds one to these weights, and has norms behind its layers, which say how much a layer adds.
                gemma = "gemma" in config.model_type
                centre = (4.0 if "post_" in name else 0.0) if gemma else 0.0 if "bias" in name else 1.0
                parameter.copy_(centre + 0.2 * torch.randn_like(parameter))
            elif parameter.ndim > 1:
                # What a layer adds outweighs the embedding, or a model whose head is its embedding says one token again and again.
                adds = any(part in name for part in ("o_proj", "down_proj", "c_proj", "out_proj", "w2"))
                parameter.normal_(0, 0.75 if adds else 0.25)
            else:
                parameter.normal_(0, 0.1)
    return model


@torch.no_grad()
def greedy(model, prompt: list[int]) -> tuple[list[int], float]:
    """Without a cache, so that nothing but the model itself decides."""
    tokens, margin = list(prompt), float("inf")
    for _ in range(NEW_TOKENS):
        logits = model(input_ids=torch.tensor([tokens]), use_cache=False).logits[0, -1]
        best = logits.topk(2).values
        margin = min(margin, float(best[0] - best[1]) / float(logits.std()))
        tokens.append(int(logits.argmax()))
    return tokens[len(prompt):], margin


def find_model(family: Family, vocabulary: int, ids: dict[str, int]):
    """The first seed whose answers are clear and various, so that equal tokens mean something."""
    for seed in range(1, 100):
        model = make_model(family, vocabulary, seed, ids)
        generator = torch.Generator().manual_seed(seed)
        prompts = [torch.randint(0, vocabulary - 6, (length,), generator=generator).tolist() for length in LENGTHS]
        answers = [greedy(model, prompt) for prompt in prompts]
        various = all(len(set(tokens)) >= 3 for tokens, _ in answers)
        various = various and len({token for tokens, _ in answers for token in tokens}) >= 16
        special = any(token >= vocabulary - 6 for tokens, _ in answers for token in tokens)
        if various and not special and min(margin for _, margin in answers) >= LEAST_MARGIN:
            print(f"  seed {seed}, least margin {min(margin for _, margin in answers):.3f} standard deviations")
            return model, [
                {"prompt": prompt, "tokens": tokens} for prompt, (tokens, _) in zip(prompts, answers)
            ]
    raise SystemExit("No seed gives clear answers.")


def export_plain(family: Family, source: Path, target: Path) -> None:
    """Plain operators, by optimum-onnx."""
    main_export(str(source), target, task="text-generation-with-past", do_validation=False, no_post_process=True)


def export_gqa(family: Family, source: Path, target: Path) -> None:
    """GroupQueryAttention, by onnxruntime-genai's model builder, which wants a newer transformers than optimum-onnx."""
    python = arguments.older_builder if family.older_builder else arguments.builder
    command = [python, "-m", "onnxruntime_genai.models.builder", "-i", source, "-o", target]
    command += ["-p", "fp32", "-e", "cpu", "-c", target / "cache"]
    result = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if result.returncode:
        raise RuntimeError(result.stderr[-1500:])


EXPORTERS = {"plain": export_plain, "gqa": export_gqa}


def lay_out(exported: Path, source: Path, target: Path, expected: dict) -> None:
    """As on the hub: the graph in onnx/, its weights within it."""
    shutil.rmtree(target, ignore_errors=True)
    (target / "onnx").mkdir(parents=True)
    model = onnx.load(exported / "model.onnx")
    onnx.save(model, target / "onnx" / "model.onnx")
    for name in ["config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json", "chat_template.jinja"]:
        if (source / name).exists():
            shutil.copy(source / name, target / name)
    (target / "expected.json").write_text(json.dumps(expected, separators=(",", ":")) + "\n")


def verify(target: Path, head_dim: int, answers: list[dict]) -> None:
    """The file itself answers as PyTorch does, or the exporter is at fault and nobody's serving can be tested by it."""
    session = onnxruntime.InferenceSession(target / "onnx" / "model.onnx")
    for answer in answers:
        tokens = list(answer["prompt"])
        for _ in answer["tokens"]:
            feeds = {}
            for value in session.get_inputs():
                if value.name == "input_ids":
                    feeds[value.name] = numpy.array([tokens])
                elif value.name == "attention_mask":
                    feeds[value.name] = numpy.ones((1, len(tokens)), numpy.int64)
                elif value.name == "position_ids":
                    feeds[value.name] = numpy.arange(len(tokens))[None]
                elif "conv" in value.name:
                    feeds[value.name] = numpy.zeros([1, *value.shape[1:]], numpy.float32)
                else:
                    feeds[value.name] = numpy.zeros((1, value.shape[1], 0, head_dim), numpy.float32)
            tokens.append(int(session.run(["logits"], feeds)[0][0, -1].argmax()))
        if tokens[len(answer["prompt"]) :] != answer["tokens"]:
            raise RuntimeError(f"{target.name} answers otherwise than PyTorch")


TEXTS = ["What is the capital of France?", " two  spaces\nand a line", "naïve — 🍣 日本", "<|im_start|>user", ""]
CHATS = [
    [{"role": "user", "content": "What is the capital of France? "}],
    [
        {"role": "system", "content": "Answer in one word."},
        {"role": "user", "content": "Are there seven days in a week?"},
        {"role": "assistant", "content": "Yes."},
        {"role": "user", "content": "Name them."},
    ],
    [{"role": "user", "content": "One."}, {"role": "user", "content": "Two."}],
]


def write_texts(target: Path) -> None:
    """What transformers makes of texts and conversations, for `texts.json`."""
    tokenizer = AutoTokenizer.from_pretrained(target)
    texts = []
    for text in TEXTS:
        ids = tokenizer(text)["input_ids"]
        texts.append({"text": text, "ids": ids, "decoded": tokenizer.decode(ids, skip_special_tokens=True)})
    chats = []
    for messages in CHATS if tokenizer.chat_template else []:
        try:
            prompt = tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
        except TemplateError:
            prompt = None  # the template refuses these messages
        ids = prompt is not None and tokenizer(prompt, add_special_tokens=False)["input_ids"]
        chats.append({"messages": messages, "prompt": prompt, "ids": ids or None})
    (target / "texts.json").write_text(json.dumps({"texts": texts, "chats": chats}) + "\n")


def make(name: str) -> None:
    family = FAMILIES[name]
    print(name)
    with tempfile.TemporaryDirectory() as scratch:
        source = Path(scratch) / "source"
        tokenizer = make_tokenizer(family)
        ids = dict(bos_token_id=tokenizer.bos_token_id, eos_token_id=tokenizer.eos_token_id)
        model, answers = find_model(family, len(tokenizer), ids)
        model.generation_config = GenerationConfig(**ids)
        model.save_pretrained(source)
        tokenizer.save_pretrained(source, save_jinja_files=family.chat_place == "file")
        for form in family.forms:
            exported = Path(scratch) / form
            target = HERE / f"{name}-{form}"
            EXPORTERS[form](family, source, exported)
            lay_out(exported, source, target, {"family": name, "form": form, "answers": answers})
            head_dim = getattr(model.config, "head_dim", None) or model.config.hidden_size // model.config.num_attention_heads
            verify(target, head_dim, answers)
            write_texts(target)
            size = sum(file.stat().st_size for file in target.rglob("*") if file.is_file())
            print(f"  {form}: {size / 1000:.0f} kB")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--builder", default=sys.executable, help="python of the environment with onnxruntime-genai")
    parser.add_argument("--older-builder", default=sys.executable, help="the same, of the older version")
    parser.add_argument("families", nargs="*", default=list(FAMILIES))
    arguments = parser.parse_args()
    failed = []
    for chosen in arguments.families:
        try:
            make(chosen)
        except Exception as error:  # the other families are made all the same
            failed.append(chosen)
            print(f"  failed: {type(error).__name__}: {error}")
    sys.exit(f"Failed: {', '.join(failed)}" if failed else 0)
