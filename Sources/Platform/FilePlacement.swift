/// Where the bytes of a file are kept while it is in use.
public enum FilePlacement: Sendable {
  /// In the system's own pages of it: shared by all processes that map the file, and given back when memory is short,
  /// to be read again when they are touched.
  case mapped
  /// In those pages, which the system may not take back: no later access waits for the file's medium.
  case locked
  /// In memory of the process, read once: the file may change or go away afterwards.
  case copied
}
