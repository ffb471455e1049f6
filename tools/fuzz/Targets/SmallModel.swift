import Foundation
import SourcesTestSupport
import SwiftletConversion

/// A model of a few thousand numbers, converted: what texts from outside meet.
@safe package struct SmallModel: @unchecked Sendable {
  /// The file, at a multiple of 64. Never freed: inputs meet it as long as the process lives.
  package let bytes: UnsafeRawBufferPointer

  /// With an encoder and a decoder.
  package static let translation = all[0]

  /// One for each task, in an order that inputs rely on: new ones go to the end.
  package static let all: [SmallModel] = [
    "bart", "llama", "bert-classes", "bert-masked", "bert-tokens", "sentence-mean", "t5",
    "llama-linear",
  ]
  .map { name in
    do { return try SmallModel(name) } catch { fatalError("\(name): \(error)") }
  }

  private init(_ name: String) throws {
    let directory = try TemporaryDirectory()
    try FamilyGolden(name).writeWithText(to: directory)
    if name == "llama" { try directory.write(Self.chat, to: "tokenizer_config.json") }
    if name == "llama-linear" { try directory.write(Self.trimmingChat, to: "tokenizer_config.json") }
    let path = "\(directory.path)/model.swiftlet"
    _ = try Converter.convert(directory.path, to: path)
    let file = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: file.count, alignment: 64)
    unsafe memory.copyBytes(from: file)
    unsafe bytes = UnsafeRawBufferPointer(memory)
  }

  /// ChatML, word for word as the converter knows it.
  private static let chat = #"""
    {"chat_template": "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"}
    """#

  /// Llama 3's, which leaves out white space around a message.
  private static let trimmingChat = #"""
    {"bos_token": "[CLS]", "chat_template": "{% set loop_messages = messages %}{% for message in loop_messages %}{% set content = '<|start_header_id|>' + message['role'] + '<|end_header_id|>\n\n'+ message['content'] | trim + '<|eot_id|>' %}{% if loop.index0 == 0 %}{% set content = bos_token + content %}{% endif %}{{ content }}{% endfor %}{% if add_generation_prompt %}{{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}{% endif %}"}
    """#
}
