"""The engines that Swiftlet is compared with: which are installed, and how their programs are started."""

import importlib.metadata
import sys
from typing import NamedTuple

from processes import PEERS, run


class Engine(NamedTuple):
    """A peer in one of its settings."""

    name: str
    # The distribution that has to be installed, and the prefix of its programs in this folder.
    package: str
    programs: str
    # The parts of a comparison that it takes.
    parts: tuple
    environment: dict

    def start(self, part, *arguments):
        """The words that start one of its programs: random, steps, lines, bert, encode."""
        return [sys.executable, PEERS / f"{self.programs}_{part}.py", *arguments]

    def backend(self, model):
        """What CTranslate2 says of the instructions and the library that it chose here."""
        if self.programs != "ctranslate2":
            return ""
        script = f"import sys; sys.path.insert(0, {str(PEERS)!r}); import ctranslate2_en_fr as peer; " \
                 f"print('; '.join(peer.isa_report({str(model)!r})))"
        return run([sys.executable, "-c", script], self.environment).decode().strip()


# CTranslate2 multiplies with Intel's MKL on Intel's processors and with oneDNN on others.
TRANSLATORS, ENCODERS, DECODERS = ("base", "student"), ("minilm",), ("stories15M", "stories110M")
ENGINES = [
    Engine("CT2, MKL", "ctranslate2", "ctranslate2", ("en-fr", *TRANSLATORS, *ENCODERS), {"CT2_USE_MKL": "1"}),
    Engine("CT2, oneDNN", "ctranslate2", "ctranslate2", ("en-fr", *TRANSLATORS, *ENCODERS), {"CT2_USE_MKL": "0"}),
    Engine("ONNX Runtime", "onnxruntime", "onnx", (*TRANSLATORS, *ENCODERS), {}),
    Engine("llama.cpp", "llama_cpp_python", "llama_cpp", DECODERS, {}),
]
PARTS = ("en-fr", *TRANSLATORS, *ENCODERS, *DECODERS)


def version(package):
    """The version of an installed distribution, or None."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def installed(part=None):
    """The engines that can be measured, all of them or those that take a part."""
    return [engine for engine in ENGINES if version(engine.package) and (part is None or part in engine.parts)]
