import Foundation
import SwiftletFamilies
import SwiftletSources

/// A chat template that is known word for word, and what it makes of one message of a user.
///
/// Templates are programs. None is run: what is not known verbatim is refused when a chat is asked for.
struct ChatTemplate {
  let text: String
  /// What stands before the message, and behind it up to where the answer begins. `{eos}` and `{bos}` stand for the
  /// tokenizer's tokens.
  let before: String
  let after: String
  /// Whether white space around the message goes.
  var trims = false

  private static let chatMLTurns =
    "{{'<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n'}}{% endfor %}"
    + "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"

  private static let user = "<|im_start|>user\n"
  private static let assistant = "<|im_end|>\n<|im_start|>assistant\n"

  /// ChatML that begins with the words of a system if the conversation has none.
  private static func chatML(system: String) -> ChatTemplate {
    ChatTemplate(
      text: "{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}"
        + "{{ '<|im_start|>system\\n\(system)<|im_end|>\\n' }}{% endif %}" + chatMLTurns,
      before: "<|im_start|>system\n\(system)<|im_end|>\n" + user, after: assistant)
  }

  /// The templates of SmolLM, SmolLM2, Qwen 2, TinyLlama (Zephyr's form) and Llama 3.
  static let known = [
    ChatTemplate(text: "{% for message in messages %}" + chatMLTurns, before: user, after: assistant),
    chatML(system: "You are a helpful AI assistant named SmolLM, trained by Hugging Face"),
    chatML(system: "You are a helpful assistant."),
    ChatTemplate(
      text: "{% for message in messages %}\n{% if message['role'] == 'user' %}\n"
        + "{{ '<|user|>\\n' + message['content'] + eos_token }}\n{% elif message['role'] == 'system' %}\n"
        + "{{ '<|system|>\\n' + message['content'] + eos_token }}\n{% elif message['role'] == 'assistant' %}\n"
        + "{{ '<|assistant|>\\n'  + message['content'] + eos_token }}\n{% endif %}\n"
        + "{% if loop.last and add_generation_prompt %}\n{{ '<|assistant|>' }}\n{% endif %}\n{% endfor %}",
      before: "<|user|>\n", after: "{eos}\n<|assistant|>\n"),
    ChatTemplate(
      text: "{% set loop_messages = messages %}{% for message in loop_messages %}{% set content = "
        + "'<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n'+ message['content'] | trim + "
        + "'<|eot_id|>' %}{% if loop.index0 == 0 %}{% set content = bos_token + content %}{% endif %}"
        + "{{ content }}{% endfor %}{% if add_generation_prompt %}"
        + "{{ '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}{% endif %}",
      before: "{bos}<|start_header_id|>user<|end_header_id|>\n\n",
      after: "<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n", trims: true),
  ]
}

/// Lines of metadata about a model's chat template: `chat-before`, `chat-after`, perhaps `chat-trims`; `chat=unknown` for
/// one that is not known, nothing where there is none.
func chatMetadata(of model: ImportedModel) throws -> [(key: String, value: String)] {
  guard model.architecture.encoderLayers == 0 else { return [] }
  let path = "\(model.directory)/tokenizer_config.json"
  guard FileManager.default.fileExists(atPath: path) else { return [] }
  let config = try JSONFile(path: path).object
  guard let stored = config["chat_template"] else { return [] }
  func token(_ key: String) -> String? {
    switch config[key] {
    case .string(let text): return text
    case .object(let object):
      if case .string(let text) = object["content"] { return text }
      return nil
    default: return nil
    }
  }
  guard case .string(let text) = stored, let template = ChatTemplate.known.first(where: { $0.text == text })
  else { return [("chat", "unknown")] }
  var lines: [(key: String, value: String)] = []
  for (key, form) in [("chat-before", template.before), ("chat-after", template.after)] {
    var value = form
    for (name, key) in [("{eos}", "eos_token"), ("{bos}", "bos_token")] where value.contains(name) {
      guard let token = token(key) else {
        throw ConversionError.unsupported("\(path): the chat template needs \(key)")
      }
      value = value.replacing(name, with: token)
    }
    lines.append((key, value.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")))
  }
  return lines + (template.trims ? [("chat-trims", "true")] : [])
}
