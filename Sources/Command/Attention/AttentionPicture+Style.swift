import SwiftletPlatform

extension AttentionPicture {
  /// Colours on white, and where the reader prefers it on black: `z` for next to no weight, `A` to `P` for more and more.
  static var style: StaticText {
    """
    text{font:11px ui-monospace,Menlo,Consolas,monospace;fill:#1c2330}
    .h{font:600 17px system-ui,sans-serif}.m{font-family:system-ui,sans-serif;fill:#5b6675}
    .r{text-anchor:end}path{fill:none;stroke-width:.9}.w{fill:#fff}.z{stroke:#f1f4f8}
    .A{stroke:#e0edf6}.B{stroke:#d1e6f2}.C{stroke:#c1dfed}.D{stroke:#b2d8e9}.E{stroke:#a0d0e4}
    .F{stroke:#87c3de}.G{stroke:#6fb6d8}.H{stroke:#56a9d2}.I{stroke:#459bca}.J{stroke:#3a8bc1}
    .K{stroke:#2f7ab8}.L{stroke:#246aae}.M{stroke:#1c5a9c}.N{stroke:#164a88}.O{stroke:#103a73}
    .P{stroke:#0a2a5e}
    @media(prefers-color-scheme:dark){text{fill:#dde4ee}.m{fill:#94a1b3}.w{fill:#0f1520}.z{stroke:#1a2230}
    .A{stroke:#22304a}.B{stroke:#253a5a}.C{stroke:#29436b}.D{stroke:#2c4d7b}.E{stroke:#2f5889}
    .F{stroke:#2f688f}.G{stroke:#2f7795}.H{stroke:#2f879c}.I{stroke:#39979c}.J{stroke:#4ea697}
    .K{stroke:#62b691}.L{stroke:#77c58b}.M{stroke:#96cf87}.N{stroke:#b9d883}.O{stroke:#dce07e}
    .P{stroke:#ffe97a}}
    """
  }
}
