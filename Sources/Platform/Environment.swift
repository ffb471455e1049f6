/// The value of an environment variable, NUL-terminated, if it is set. The system keeps its bytes.
public func environmentValue(_ name: StaticString) -> UnsafePointer<CChar>? {
  guard let variables = System.environment else { return nil }
  var place = variables
  while let variable = place.pointee {
    if let value = value(of: name, in: variable) { return value }
    place += 1
  }
  return nil
}

/// What follows `name` and an equals sign, if `variable` begins with them.
private func value(of name: StaticString, in variable: UnsafePointer<CChar>) -> UnsafePointer<CChar>? {
  let length = name.utf8CodeUnitCount
  for index in 0..<length where variable[index] != CChar(bitPattern: name.utf8Start[index]) { return nil }
  return variable[length] == 0x3D ? variable + (length + 1) : nil
}
