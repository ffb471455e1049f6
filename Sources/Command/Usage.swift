import SwiftletKernelSelection
import SwiftletPlatform

/// This program's version.
enum Version {
  static let text: StaticText = "0.1.0"
}

/// The help text.
enum Usage {
  static func write<Sink: ByteSink & ~Copyable>(to sink: inout Sink) {
    sink.write(
      """
      usage: swiftlet COMMAND MODEL [options]

      Runs a Transformer with int8 weights in a fixed amount of memory.

      commands:
        translate MODEL [TEXT …]   translate each TEXT, or each line of standard input
        generate MODEL [TEXT …]    go on from each TEXT; a single one is written as it comes
        embed MODEL [TEXT …]       a vector for each TEXT
        classify MODEL [TEXT …]    a class for each TEXT (of a pair: with a TAB between), or for
                                   each of its tokens
        fill MODEL [TEXT …]        tokens for each [MASK] or <mask>, and the text with them
        score MODEL [TEXT …]       log-probability, tokens, perplexity; for an encoder and a
                                   decoder TEXT is a source, a TAB, and a target
        tokenize MODEL [TEXT …]    the tokens of each TEXT, id:piece
        plan MODEL                 the exact memory that a run will take, by named part
        info MODEL                 what is in the file, and which kernels this processor gets

      options of translate, generate and plan:
        --max-source N     longest source, in tokens (default: the model's, up to 256)
        --max-target N     longest target, in tokens (default: the model's, up to 256)
        --batch N          translate N lines together: more of them a second, each later (default: 1)
        --threads N        share the work among N threads (default: 1)
        --json             JSON: one object a line, or one plan
        --beam N           beam search: keep the N best hypotheses (default: the model's; 1: greedy)
        --n-best N         show the N best: number of the line, score, text (needs --beam)
        --length-penalty X score: log-probability / length^X (default: the model's, or 1)
        --coverage-penalty X  add X · Σ ln min(1, attention to a source token) to the score
        --patience X       finish X times as many hypotheses as there are beams (default: 1)
        --early-stopping S when to stop: false (by a heuristic, default), true (as soon as there
                           are enough), never (when none can get better)
        --temperature X    draw tokens, likely ones more often the lower X is; 0: the likeliest
        --top-k N          draw from the N likeliest tokens
        --top-p X          draw from the likeliest tokens of probability X together
        --min-p X          draw from those with X times the likeliest one's probability or more
        --typical X        draw from the most typical tokens of probability X together
        --seed N           draw other tokens; the same ones on every processor (default: 0)
        --draft N          guess N tokens at each step from what was decoded before, and read them
                           together: the same text, sooner where weights are not in a near cache
                           (default: 0; 32 KB more memory)
        --shortlist FILE   choose only tokens whose ids are in FILE, and score only those; or, from
                           swiftlet-shortlist, those that a source's tokens are likely to become
        --align            after a tab, which words belong together: 0-1 is the first word of the
                           source and the second of the translation; with --json what each token
                           attended to, too
        --align-soft       after a tab, for each token of the translation what it attended to: a
                           weight for each token of the source
        --attention FILE   what the tokens of a single TEXT attended to, in each head of each
                           layer: a picture (FILE.svg) or numbers (FILE.json) (embed, too)
        --replace-unknown  the source's word in place of a token that stands for an unknown one
                           (translate)
        --prefix TEXT      let each translation begin with TEXT
        --suppress TEXT    never write TEXT (up to 16 times)
        --stop TEXT        end before TEXT (up to 16 times)
        --min-tokens N     do not end before N tokens
        --repetition-penalty X  make tokens that were read X times less likely (default: 1)
        --presence-penalty X, --frequency-penalty X
                           take X from the logits of tokens that were chosen: once, each time
        --no-repeat-ngram N     never write N tokens in a row twice
      options of embed, classify, fill, tokenize and score:
        --max-source N, --max-target N, --threads N, --json, --digest  as above and below
        --truncate         cut texts that are too long (embed, classify, fill)
        --pooling HOW      of states, where the model does not say: mean, first, last, max (embed)
        --raw              vectors as float32, little-endian (embed)
        --similarity       the cosine of two texts, or of a line's two with a TAB between (embed)
        --top N            the N likeliest classes or tokens (default: 1, and 5 for fill)
        --ids, --decode    only ids; texts of ids (tokenize)
        --target           the target's tokenizer (tokenize)
        --score            what score takes (plan)
      options of translate and generate:
        --source-language CODE, --target-language CODE
                           where the vocabulary has tokens of languages (translate)
        --chat             TEXT is a user's message to a model with a chat template (generate)
        --echo             write the text before what goes on from it (generate)
        --stream           write text as soon as it is certain
        --max-tokens N     stop each translation after N tokens
        --digest           instead of text, one checksum over tokens and log-probabilities:
                           the same on every processor
        --weights WHERE    mmap: the file's own pages, which the system may drop and read again
                           (default); lock: those, kept in memory; copy: read into memory
        --memory SIZE      refuse to take more than SIZE bytes (K and M: 1024, 1024²)
        --quiet            do not say how far a long run is: on a terminal, while the output goes
                           elsewhere
        --no-sandbox       keep the right to all system calls; without it, boards' programs give up
                           those that they don't need, where the kernel offers that
        --kernel NAME      force an instruction set, as the environment's SWIFTLET_KERNEL does:

      """)
    sink.write("                    ")
    InstructionSet.forEach {
      sink.write(" ")
      sink.write($0.name)
    }
    sink.write(
      """


        --                 what follows are texts, whatever they begin with
        --help, --version

      A line that can't be translated gets an error on standard error and an empty line in the
      output. Exit status: 0 done, 1 something failed, 2 wrong usage.

      """)
  }
}
