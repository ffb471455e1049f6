/// The value of an environment variable, NUL-terminated, if it is set. The system keeps its bytes.
public func environmentValue(_ name: StaticString) -> UnsafePointer<CChar>? {
  guard let variables = unsafe System.environment else { return nil }
  var place = unsafe variables
  while let variable = unsafe place.pointee {
    if let value = unsafe value(of: name, in: variable) { return unsafe value }
    unsafe place += 1
  }
  return nil
}

/// What follows `name` and an equals sign, if `variable` begins with them.
private func value(of name: StaticString, in variable: UnsafePointer<CChar>) -> UnsafePointer<CChar>? {
  let length = name.utf8CodeUnitCount
  for index in 0..<length where unsafe variable[index] != CChar(bitPattern: name.utf8Start[index]) {
    return nil
  }
  return unsafe variable[length] == 0x3D ? variable + (length + 1) : nil
}
