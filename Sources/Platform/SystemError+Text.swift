extension SystemError {
  /// What Linux's error numbers mean that opening, mapping, reading and writing can give, in the C library's words:
  /// programs with and without one say the same.
  static func text(of number: Int32) -> StaticText? {
    switch number {
    case 1: "Operation not permitted"
    case 2: "No such file or directory"
    case 4: "Interrupted system call"
    case 5: "Input/output error"
    case 6: "No such device or address"
    case 9: "Bad file descriptor"
    case 11: "Resource temporarily unavailable"
    case 12: "Cannot allocate memory"
    case 13: "Permission denied"
    case 14: "Bad address"
    case 16: "Device or resource busy"
    case 19: "No such device"
    case 20: "Not a directory"
    case 21: "Is a directory"
    case 22: "Invalid argument"
    case 23: "Too many open files in system"
    case 24: "Too many open files"
    case 26: "Text file busy"
    case 27: "File too large"
    case 28: "No space left on device"
    case 30: "Read-only file system"
    case 32: "Broken pipe"
    case 36: "File name too long"
    case 38: "Function not implemented"
    case 40: "Too many levels of symbolic links"
    case 75: "Value too large for defined data type"
    case 104: "Connection reset by peer"
    case 107: "Transport endpoint is not connected"
    case 110: "Connection timed out"
    case 116: "Stale file handle"
    case 121: "Remote I/O error"
    case 122: "Disk quota exceeded"
    default: nil
    }
  }
}
