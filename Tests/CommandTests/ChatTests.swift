import Foundation
import SourcesTestSupport
import Testing

/// Chat templates that the converter knows word for word, and languages that have tokens.
@Suite struct ChatTests {
  private static let chatML =
    "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\\n' + message['content'] + "
    + "'<|im_end|>' + '\\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"

  /// A tiny decoder with a chat template, converted.
  private func model(_ template: String) throws -> (TemporaryDirectory, path: String) {
    let directory = try TemporaryDirectory()
    try FamilyGolden("llama").writeWithText(to: directory)
    let json = try JSONSerialization.data(withJSONObject: ["chat_template": template])
    try directory.write(json, to: "tokenizer_config.json")
    let path = "\(directory.path)/chat.swiftlet"
    let converted = try run(Programs.converter, [directory.path, "-o", path, "--quiet"])
    #expect(converted.status == 0, "\(converted.errors)")
    return (directory, path)
  }

  @Test func aMessageStandsInItsTemplate() throws {
    let (directory, path) = try model(Self.chatML)
    defer { withExtendedLifetime(directory) {} }
    let command = ["generate", path, "--json", "--max-source", "30", "--max-target", "2"]
    let answer = try objects(try swiftlet(command + ["--chat", "a b"]))
    let whole = "<|im_start|>user\na b<|im_end|>\n<|im_start|>assistant\n"
    let ids = try swiftlet(["tokenize", path, "--ids", whole]).text.split(separator: " ").compactMap {
      Int($0.trimmingCharacters(in: .newlines))
    }
    // All but [CLS] and [SEP]: nothing but the template stands around a message.
    #expect(answer[0]["source_ids"] as? [Int] == Array(ids.dropFirst().dropLast()))
    #expect(try objects(try swiftlet(command + ["a b"]))[0]["source_ids"] as? [Int] == [2, 5, 6, 3])
  }

  @Test func unknownTemplatesAreRefused() throws {
    let (directory, path) = try model(Self.chatML + " ")
    defer { withExtendedLifetime(directory) {} }
    #expect(try swiftlet(["generate", path, "--max-tokens", "2", "a"]).status == 0)
    let complaint = "--chat can't be used: the converter did not know the model's chat template"
    #expect(
      try swiftlet(["generate", path, "--chat", "a"]).complaints == ["swiftlet: error: \(path): \(complaint)"]
    )
    let none = try swiftlet(["generate", FamilyModel.path("llama"), "--chat", "a"])
    #expect(none.errors.contains("--chat can't be used: the model has no chat template"))
  }

  @Test func aTargetBeginsWithItsLanguage() throws {
    let command = ["translate", FamilyModel.path("bart"), "--json", "--max-tokens", "3", "a"]
    // Any token that is no text may stand for a language.
    let found = try objects(try swiftlet(command + ["--target-language", "[MASK]"]))
    #expect((found[0]["ids"] as? [Int])?.first == 4)
    #expect(try swiftlet(command + ["--target-language", "a"]).status == 1)
    let source = try swiftlet(command + ["--source-language", "[MASK]"])
    #expect(source.errors.contains("the tokenizer puts no language before a source"))
  }
}
