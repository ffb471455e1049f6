/// The value of an environment variable, NUL-terminated, if it is set. The system keeps its bytes.
public func environmentValue(_ name: StaticText) -> UnsafePointer<CChar>? {
  guard let variables = unsafe System.environment else { return nil }
  var place = unsafe variables
  while let variable = unsafe place.pointee {
    if let value = unsafe value(of: name, in: variable) { return unsafe value }
    unsafe place += 1
  }
  return nil
}

/// What follows `name` and an equals sign, if `variable` begins with them.
private func value(of name: StaticText, in variable: UnsafePointer<CChar>) -> UnsafePointer<CChar>? {
  var length = 0
  while unsafe name.start[length] != 0 {
    guard unsafe variable[length] == CChar(bitPattern: name.start[length]) else { return nil }
    length += 1
  }
  return unsafe variable[length] == 0x3D ? variable + (length + 1) : nil
}
