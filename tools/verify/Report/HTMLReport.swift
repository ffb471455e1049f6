import SwiftletVerification

/// The page.
public func htmlReport(_ findings: [(Findings, Verdict)], source: String, text: VerificationText) -> String {
  ""
}
