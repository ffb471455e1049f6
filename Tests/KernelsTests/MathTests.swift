import Foundation
import SwiftletKernelsPlain
import Testing

/// The polynomials against the C library's functions in Double.
struct MathTests {
  @Test func exponentialWithinUlps() {
    var worst = 0.0
    for step in 0...2_000_000 {
      let x = Float(-87 + 175 * Double(step) / 2_000_000)
      let exact = exp(Double(x))
      let ulp = Double(Float(exact).ulp)
      worst = max(worst, abs(Double(exponential(Lanes(repeating: x))[5]) - exact) / ulp)
    }
    print("exponential: \(worst) ulp")
    #expect(worst <= 1.1)
    #expect(exponential(Lanes(repeating: -87.5))[0] == 0)
    #expect(exponential(Lanes(repeating: -.infinity))[0] == 0)
    #expect(exponential(Lanes(repeating: 1000))[0].isFinite)
    #expect(exponential(.zero)[0] == 1)
  }

  @Test func logarithmWithinUlps() {
    var worst = 0.0
    for step in 0...2_000_000 {
      let x = Float(exp(-80 + 160 * Double(step) / 2_000_000))
      let exact = log(Double(x))
      let ulp = max(Double(Float(exact).ulp), 6e-8)
      worst = max(worst, abs(Double(naturalLogarithm(x)) - exact) / ulp)
    }
    print("logarithm: \(worst) ulp")
    #expect(worst <= 1)
    #expect(naturalLogarithm(1) == 0)
    #expect(naturalLogarithm(.nan).isNaN)
  }

  @Test func sineAndCosineWithinError() {
    var worst = 0.0
    for step in 0...2_000_000 {
      let x = Float(8192 * Double(step) / 2_000_000)
      let (sine, cosine) = sineAndCosine(Lanes(repeating: x))
      worst = max(worst, abs(Double(sine[9]) - sin(Double(x))), abs(Double(cosine[9]) - cos(Double(x))))
    }
    print("sine and cosine: \(worst)")
    #expect(worst <= 1.2e-7)
  }

  @Test func sineAndCosineOfLongTexts() {
    var worst = 0.0
    for step in 0...2_000_000 {
      let x = Float(65_536 * Double(step) / 2_000_000)
      let (sine, cosine) = sineAndCosine(Lanes(repeating: x))
      worst = max(worst, abs(Double(sine[9]) - sin(Double(x))), abs(Double(cosine[9]) - cos(Double(x))))
    }
    print("sine and cosine up to 65,536: \(worst)")
    #expect(worst <= 2e-6)
  }

  @Test func errorFunctionWithinUlps() {
    var (worst, largest) = (0.0, 0.0)
    for step in 0...2_000_000 {
      let x = Float(-6 + 12 * Double(step) / 2_000_000)
      let (exact, value) = (erf(Double(x)), Double(errorFunction(Lanes(repeating: x))[3]))
      largest = max(largest, abs(value - exact))
      worst = max(worst, abs(value - exact) / Double(Float(exact).ulp))
    }
    print("error function: \(worst) ulp, \(largest)")
    #expect(worst <= 7)
    #expect(largest <= 5e-7)
    #expect(errorFunction(.zero)[0] == 0)
    #expect(errorFunction(Lanes(repeating: -.infinity))[0] == -1)
  }

  @Test func hyperbolicTangentWithinUlps() {
    var worst = 0.0
    for step in 0...2_000_000 {
      let x = Float(-12 + 24 * Double(step) / 2_000_000)
      let exact = tanh(Double(x))
      let value = Double(hyperbolicTangent(Lanes(repeating: x))[3])
      worst = max(worst, abs(value - exact) / Double(Float(exact).ulp))
    }
    print("tanh: \(worst) ulp")
    #expect(worst <= 3)
    #expect(hyperbolicTangent(Lanes(repeating: -.infinity))[0] == -1)
    #expect(hyperbolicTangent(Lanes(repeating: .infinity))[0] == 1)
  }
}
