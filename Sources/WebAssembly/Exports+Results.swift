import Swiftlet

// Results lie in the arena until the next call of `swiftlet_translate` or `swiftlet_embed`.

/// The translation, in UTF-8.
@c(swiftlet_text)
public func text() -> UnsafePointer<UInt8>? { unsafe Instance.results.text }

/// How many bytes it has.
@c(swiftlet_text_count)
public func textCount() -> Int { unsafe Instance.results.textCount }

/// The translation's tokens, with the end token if it was reached: u32 each.
@c(swiftlet_ids)
public func ids() -> UnsafePointer<UInt32>? { unsafe Instance.results.ids }

/// The log-probability of each token: f32 each.
@c(swiftlet_log_probabilities)
public func logProbabilities() -> UnsafePointer<Float>? { unsafe Instance.results.logProbabilities }

/// How many tokens there are.
@c(swiftlet_id_count)
public func idCount() -> Int { unsafe Instance.results.idCount }

/// The vector that `swiftlet_embed` made: f32 each.
@c(swiftlet_vector)
public func vector() -> UnsafePointer<Float>? { unsafe Instance.results.vector }

/// How many numbers it has.
@c(swiftlet_vector_count)
public func vectorCount() -> Int { unsafe Instance.results.vectorCount }

/// The checksum over the tokens and log-probabilities of all translations, or over all vectors, since the model was opened: the same on
/// every processor.
@c(swiftlet_digest)
public func digest() -> UInt64 { unsafe Instance.digest.value }

/// What was wrong with the last function that failed, in UTF-8; empty if none has since.
@c(swiftlet_message)
public func message() -> UnsafeRawPointer? {
  // The message is static: its address stays.
  unsafe withUnsafeBytes(of: &Instance.message.bytes) { $0.baseAddress }
}

/// How many bytes it has.
@c(swiftlet_message_count)
public func messageCount() -> Int { unsafe Instance.message.count }
