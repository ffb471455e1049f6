"""A model in llama.cpp: ids in, logits or a vector out, through its C interface and on one thread."""

import ctypes
import sys

import llama_cpp
import numpy as np

# llama.cpp tells what it does on standard error.
QUIET = llama_cpp.llama_log_callback(lambda level, text, data: None)


class Model:
    def __init__(self, path, context, vectors=False, float_cache=False):
        llama_cpp.llama_log_set(QUIET, None)
        llama_cpp.llama_backend_init()
        self.model = llama_cpp.llama_model_load_from_file(str(path).encode(), llama_cpp.llama_model_default_params())
        if not self.model:
            sys.exit(f"error: llama.cpp can't open {path}")
        parameters = llama_cpp.llama_context_default_params()
        parameters.n_ctx = parameters.n_batch = parameters.n_ubatch = context
        parameters.n_threads = parameters.n_threads_batch = 1
        parameters.embeddings = vectors
        if float_cache:
            parameters.type_k = parameters.type_v = llama_cpp.GGML_TYPE_F32
        self.context = llama_cpp.llama_init_from_model(self.model, parameters)
        if not self.context:
            sys.exit(f"error: llama.cpp can't run {path} with {context} tokens")
        self.vocabulary = llama_cpp.llama_vocab_n_tokens(llama_cpp.llama_model_get_vocab(self.model))
        self.width = llama_cpp.llama_model_n_embd(self.model)
        self.batch = llama_cpp.llama_batch_init(context, 0, 1)

    def forget(self):
        """Starts a new text."""
        llama_cpp.llama_memory_clear(llama_cpp.llama_get_memory(self.context), True)

    def read(self, ids, first, all_logits=False):
        """Reads tokens that follow `first` others. Their last has logits, or each of them."""
        batch = self.batch
        batch.n_tokens = len(ids)
        for place, token in enumerate(ids):
            batch.token[place], batch.pos[place], batch.n_seq_id[place] = token, first + place, 1
            batch.seq_id[place][0] = 0
            batch.logits[place] = all_logits or place == len(ids) - 1
        status = llama_cpp.llama_decode(self.context, batch)
        if status:
            sys.exit(f"error: llama.cpp's llama_decode returned {status}")

    def logits(self, place=-1):
        pointer = llama_cpp.llama_get_logits_ith(self.context, place)
        return np.ctypeslib.as_array(ctypes.cast(pointer, ctypes.POINTER(ctypes.c_float)), (self.vocabulary,))

    def encode(self, ids):
        """The vector of a text: the mean of its last states."""
        self.read(ids, 0, all_logits=True)
        pointer = llama_cpp.llama_get_embeddings_seq(self.context, 0)
        return np.ctypeslib.as_array(ctypes.cast(pointer, ctypes.POINTER(ctypes.c_float)), (self.width,)).copy()
