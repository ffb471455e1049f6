import SwiftletKernels

/// Quantises one token's key and value (`width` floats each) into the cache.
@inline(__always)
func rememberToken(
  key: UnsafePointer<Float>, value: UnsafePointer<Float>, token: Int, in cache: HeadCache
) {
  let width = cache.width
  let (page, place) = (token &>> 4, token & 15)
  let row = cache.values(page) + place &* cache.paddedWidth
  // The value's row serves as scratch for the key, which is then spread over its page of 16 tokens.
  let key = quantizeGroup(
    key, count: width, padded: cache.paddedWidth, into: row, hasZeroPoint: true, shift: 0)
  let block = cache.keys(page) + place
  for dimension in 0..<width { block[16 &* dimension] = row[dimension] }
  let value = quantizeGroup(
    value, count: width, padded: cache.paddedWidth, into: row, hasZeroPoint: true, shift: 0)
  let factors = cache.factors(page)
  factors[place] = key.scale
  factors[16 &+ place] = key.scale * Float(Int(key.zeroPoint))
  factors[32 &+ place] = value.scale
  factors[48 &+ place] = value.scale * Float(Int(value.zeroPoint))
}

/// Scaled dot-product attention of one query over some tokens of a head's cache.
///
/// softmax(scale · q Kᵀ + bias) V ("Attention Is All You Need", section 3.2.1), without expanding K or V: with
/// k = mid + s·q8, q·k = s · Σ q q8 + mid · Σ q. `probabilities` is scratch of `keys.end` floats rounded up to 16; the
/// attention's weights are in it afterwards, from the first token's page on. `output` takes `width` floats.
/// - Complexity: O(tokens · width).
@inline(__always)
func attendOne(
  query: UnsafePointer<Float>, scale: Float, cache: HeadCache, keys: AttendedKeys,
  probabilities: UnsafeMutablePointer<Float>, output: UnsafeMutablePointer<Float>
) {
  let skipped = keys.first &>> 4
  let cache = cache.skipping(pages: skipped)
  let count = keys.end &- skipped &* tokensPerPage
  scoreKeys(query: query, scale: scale, cache: cache, count: count, into: probabilities)
  if let biases = keys.biases {
    let first = skipped &* tokensPerPage &- keys.position
    addBiases(biases, distance: keys.distance, from: first, count: count, to: probabilities)
  }
  // Those before the first on its page.
  for token in 0..<keys.first & 15 { probabilities[token] = -Float.greatestFiniteMagnitude }
  softmax(probabilities, count: count)
  mixValues(probabilities, cache: cache, count: count, into: output)
}

/// Adds to `count` scores the biases of the distances from `first` on.
@inline(never)
private func addBiases(
  _ biases: UnsafePointer<Float>, distance: Int, from first: Int, count: Int,
  to scores: UnsafeMutablePointer<Float>
) {
  for token in 0..<count {
    scores[token] += biases[min(max(first &+ token, 0 &- distance), distance)]
  }
}

/// Scores of `count` tokens; the lanes after them get the lowest float.
@inline(__always)
func scoreKeys(
  query: UnsafePointer<Float>, scale: Float, cache: HeadCache, count: Int,
  into scores: UnsafeMutablePointer<Float>
) {
  let width = cache.width
  var sum = Lanes.zero
  var index = 0
  while index < width {
    sum += query.lanes(at: index, end: width)
    index &+= 16
  }
  let querySum = sum.foldedSum
  var token = 0
  while token < count {
    let factors = UnsafePointer(cache.factors(token &>> 4))
    let dots = dotProducts(query, UnsafePointer(cache.keys(token &>> 4)), width: width)
    let score = (dots * factors.lanes(at: 0) + factors.lanes(at: 16) * querySum) * scale
    scores.store(score.keeping(first: count &- token, else: -Float.greatestFiniteMagnitude), at: token)
    token &+= 16
  }
}

/// Σ q·k of 16 tokens, in four sums that grow independently: dimension i goes to sum i mod 4, those after the last
/// whole four to the first.
@inline(__always)
func dotProducts(_ query: UnsafePointer<Float>, _ keys: UnsafePointer<Int8>, width: Int) -> Lanes {
  var sums = InlineArray<4, Lanes>(repeating: Lanes.zero)
  var dimension = 0
  while dimension &+ 4 <= width {
    for part in 0..<4 {
      let place = dimension &+ part
      sums[part] += floats(bytesAt: keys + 16 &* place) * query[place]
    }
    dimension &+= 4
  }
  while dimension < width {
    sums[0] += floats(bytesAt: keys + 16 &* dimension) * query[dimension]
    dimension &+= 1
  }
  return (sums[0] + sums[1]) + (sums[2] + sums[3])
}

/// Softmax in place over `count` floats padded to 16 with the lowest float; the largest is subtracted first.
@inline(__always)
func softmax(_ x: UnsafeMutablePointer<Float>, count: Int) {
  let input = UnsafePointer(x)
  var largest = input.lanes(at: 0)
  var index = 16
  while index < count {
    largest = largest.maximum(input.lanes(at: index))
    index &+= 16
  }
  let top = largest.foldedMaximum
  var sum = Lanes.zero
  index = 0
  while index < count {
    let e = exponential(input.lanes(at: index) - top)
    sum += e
    x.store(e, at: index)
    index &+= 16
  }
  let inverse = 1 / sum.foldedSum
  index = 0
  while index < count {
    x.store(input.lanes(at: index) * inverse, at: index)
    index &+= 16
  }
}

/// output = Σ p · v over `count` tokens, in order.
@inline(__always)
func mixValues(
  _ probabilities: UnsafePointer<Float>, cache: HeadCache, count: Int,
  into output: UnsafeMutablePointer<Float>
) {
  var shift = Lanes.zero
  var token = 0
  while token < count {
    let middles = UnsafePointer(cache.factors(token &>> 4)).lanes(at: 48)
    shift += (probabilities.lanes(at: token) * middles).keeping(first: count &- token, else: 0)
    token &+= 16
  }
  let middle = shift.foldedSum
  var dimension = 0
  while dimension &+ 64 <= cache.width {
    let four = InlineArray<4, Void>(repeating: ())
    mixDimensions(dimension, four, probabilities, middle, cache, count: count, into: output)
    dimension &+= 64
  }
  while dimension < cache.width {
    let one = InlineArray<1, Void>(repeating: ())
    mixDimensions(dimension, one, probabilities, middle, cache, count: count, into: output)
    dimension &+= 16
  }
}

/// Σ p · v of the 16 · `N` dimensions from `start`.
@inline(__always)
func mixDimensions<let N: Int>(
  _ start: Int, _: InlineArray<N, Void>, _ probabilities: UnsafePointer<Float>, _ middle: Float,
  _ cache: HeadCache, count: Int, into output: UnsafeMutablePointer<Float>
) {
  var sums = InlineArray<N, Lanes>(repeating: Lanes.zero)
  let stride = cache.paddedWidth
  var first = 0
  while first < count {
    let scales = UnsafePointer(cache.factors(first &>> 4)) + 32
    let probabilities = probabilities + first
    var values = UnsafePointer(cache.values(first &>> 4)) + start
    for token in 0..<min(16, count &- first) {
      let weight = probabilities[token] * scales[token]
      for part in 0..<N { sums[part] += floats(bytesAt: values + 16 &* part) * weight }
      values += stride
    }
    first &+= 16
  }
  for part in 0..<N { output.store(sums[part] + middle, at: start &+ 16 &* part, end: cache.width) }
}
