import SwiftletKernels

/// Quantises one token's key and value (`width` floats each) into the cache.
@inline(__always)
func rememberToken(
  key: UnsafePointer<Float>, value: UnsafePointer<Float>, token: Int, in cache: HeadCache
) {
  let width = cache.width
  let (page, place) = (token &>> 4, token & 15)
  let row = unsafe cache.values(page) + place &* cache.paddedWidth
  // The value's row serves as scratch for the key, which is then spread over its page of 16 tokens.
  let key = unsafe quantizeGroup(
    key, count: width, padded: cache.paddedWidth, into: row, hasZeroPoint: true, shift: 0)
  let block = unsafe cache.keys(page) + place
  for dimension in 0..<width { unsafe block[16 &* dimension] = unsafe row[dimension] }
  let value = unsafe quantizeGroup(
    value, count: width, padded: cache.paddedWidth, into: row, hasZeroPoint: true, shift: 0)
  let factors = unsafe cache.factors(page)
  unsafe factors[place] = key.scale
  unsafe factors[16 &+ place] = key.scale * Float(Int(key.zeroPoint))
  unsafe factors[32 &+ place] = value.scale
  unsafe factors[48 &+ place] = value.scale * Float(Int(value.zeroPoint))
}

/// Scaled dot-product attention of some queries over some tokens of a head's cache.
///
/// softmax(scale · q Kᵀ + bias) V ("Attention Is All You Need", section 3.2.1), page by page: with k = mid + s·q8,
/// q·k = s · Σ q q8 + mid · Σ q, and a page's q8 are made floats once for all queries. Each query's result is the
/// one that it has alone. `scratch` is laid out as `AttentionScratch` says; the weights are in it afterwards.
/// - Complexity: O(queries · tokens · width).
@inline(__always)
func attendRows(
  _ queries: AttendingQueries, scale: Float, cache: HeadCache, keys: AttendedKeys,
  scratch: UnsafeMutablePointer<Float>
) {
  // What a later query does not attend to, no earlier one does.
  let start = keys.first(query: 0) & -tokensPerPage
  let cache = cache.skipping(pages: start &>> 4)
  let count = keys.end(query: queries.count &- 1) &- start
  let stride = roundUp(count, to: tokensPerPage)
  let weights = unsafe scratch + AttentionScratch.weights(width: cache.width, queries: queries.count)
  unsafe scoreKeys(queries, scale: scale, cache: cache, count: count, page: scratch, into: weights)
  for query in 0..<queries.count {
    let weights = unsafe weights + query &* stride
    if let biases = unsafe keys.biases {
      let distance = start &- keys.position &- query
      unsafe addBiases(biases, distance: keys.distance, from: distance, count: count, to: weights)
    }
    unsafe weights.hide(0, until: keys.first(query: query) &- start)
    unsafe weights.hide(keys.end(query: query) &- start, until: stride)
    unsafe softmax(weights, count: stride)
  }
  unsafe mixValues(queries, weights, cache: cache, count: count, scratch: scratch)
}

extension UnsafeMutablePointer where Pointee == Float {
  /// Gives scores the lowest float, so that their weights become 0.
  @inline(__always)
  fileprivate func hide(_ first: Int, until end: Int) {
    var index = first
    while index < end {
      unsafe self[index] = -Float.greatestFiniteMagnitude
      index &+= 1
    }
  }
}

/// Adds to `count` scores the biases of the distances from `first` on.
@inline(never)
private func addBiases(
  _ biases: UnsafePointer<Float>, distance: Int, from first: Int, count: Int,
  to scores: UnsafeMutablePointer<Float>
) {
  for token in 0..<count {
    unsafe scores[token] += biases[min(max(first &+ token, 0 &- distance), distance)]
  }
}

/// Scores of the `count` tokens, rounded up to whole pages, for each query.
@inline(__always)
func scoreKeys(
  _ queries: AttendingQueries, scale: Float, cache: HeadCache, count: Int, page: UnsafeMutablePointer<Float>,
  into scores: UnsafeMutablePointer<Float>
) {
  let stride = roundUp(count, to: tokensPerPage)
  var sums = InlineArray<8, Float>(repeating: 0)
  // Unchecked: a check would say that there are at most 8 queries, and the loops would be unrolled as often.
  for query in 0..<queries.count { unsafe sums[unchecked: query] = sum(queries[query], count: cache.width) }
  var token = 0
  while token < count {
    unsafe expand(UnsafePointer(cache.keys(token &>> 4)), count: tokensPerPage &* cache.width, into: page)
    let factors = unsafe UnsafePointer(cache.factors(token &>> 4))
    let (scales, middles) = unsafe (factors.lanes(at: 0), factors.lanes(at: 16))
    for query in 0..<queries.count {
      let dots = unsafe dotProducts(queries[query], UnsafePointer(page), width: cache.width)
      unsafe (scores + query &* stride).store(
        (dots * scales + middles * sums[unchecked: query]) * scale, at: token)
    }
    token &+= tokensPerPage
  }
}

/// Makes floats of `count` bytes, rounded up to 16.
@inline(__always)
func expand(_ bytes: UnsafePointer<Int8>, count: Int, into page: UnsafeMutablePointer<Float>) {
  var index = 0
  while index < count {
    unsafe page.store(floats(bytesAt: bytes + index), at: index)
    index &+= 16
  }
}

/// Σ q·k of 16 tokens, in four sums that grow independently: dimension i goes to sum i mod 4, those after the last
/// whole four to the first.
@inline(__always)
func dotProducts(_ query: UnsafePointer<Float>, _ keys: UnsafePointer<Float>, width: Int) -> Lanes {
  var sums = InlineArray<4, Lanes>(repeating: Lanes.zero)
  var dimension = 0
  while dimension &+ 4 <= width {
    for part in 0..<4 {
      let place = dimension &+ part
      unsafe sums[part] += keys.lanes(at: 16 &* place) * query[place]
    }
    dimension &+= 4
  }
  while dimension < width {
    unsafe sums[0] += keys.lanes(at: 16 &* dimension) * query[dimension]
    dimension &+= 1
  }
  return (sums[0] + sums[1]) + (sums[2] + sums[3])
}

/// Softmax in place over `count` floats padded to 16 with the lowest float; the largest is subtracted first.
@inline(__always)
func softmax(_ x: UnsafeMutablePointer<Float>, count: Int) {
  let input = unsafe UnsafePointer(x)
  var largest = unsafe input.lanes(at: 0)
  var index = 16
  while index < count {
    largest = unsafe largest.maximum(input.lanes(at: index))
    index &+= 16
  }
  let top = largest.foldedMaximum
  var sum = Lanes.zero
  index = 0
  while index < count {
    let e = unsafe exponential(input.lanes(at: index) - top)
    sum += e
    unsafe x.store(e, at: index)
    index &+= 16
  }
  let inverse = 1 / sum.foldedSum
  index = 0
  while index < count {
    unsafe x.store(input.lanes(at: index) * inverse, at: index)
    index &+= 16
  }
}

/// Each query's Σ p · v over `count` tokens, in order.
@inline(__always)
func mixValues(
  _ queries: AttendingQueries, _ weights: UnsafePointer<Float>, cache: HeadCache, count: Int,
  scratch: UnsafeMutablePointer<Float>
) {
  let stride = roundUp(count, to: tokensPerPage)
  let factors = unsafe scratch + AttentionScratch.factors(width: cache.width)
  let results = unsafe scratch + AttentionScratch.results(width: cache.width)
  unsafe results.update(repeating: 0, count: queries.count &* cache.paddedWidth)
  var token = 0
  while token < count {
    let present = min(tokensPerPage, count &- token)
    unsafe expand(
      UnsafePointer(cache.values(token &>> 4)), count: present &* cache.paddedWidth, into: scratch)
    let scales = unsafe UnsafePointer(cache.factors(token &>> 4)).lanes(at: 32)
    for query in 0..<queries.count {
      unsafe factors.store(weights.lanes(at: query &* stride &+ token) * scales, at: 0)
      unsafe addValues(
        UnsafePointer(scratch), UnsafePointer(factors), count: present, width: cache.paddedWidth,
        to: results + query &* cache.paddedWidth)
    }
    token &+= tokensPerPage
  }
  for query in 0..<queries.count {
    let middle = unsafe mixMiddles(weights + query &* stride, cache: cache, count: count)
    var dimension = 0
    while dimension < cache.width {
      let sums = unsafe UnsafePointer(results + query &* cache.paddedWidth).lanes(at: dimension)
      unsafe queries.result(query).store(sums + middle, at: dimension, end: cache.width)
      dimension &+= 16
    }
  }
}

/// Adds Σ p · v over a page's `count` tokens of `width` dimensions, a multiple of 16.
@inline(__always)
func addValues(
  _ values: UnsafePointer<Float>, _ factors: UnsafePointer<Float>, count: Int, width: Int,
  to results: UnsafeMutablePointer<Float>
) {
  var dimension = 0
  while computesSixteen, dimension &+ 32 <= width {
    let two = InlineArray<2, Void>(repeating: ())
    unsafe addDimensions(
      two, values + dimension, factors, count: count, stride: width, to: results + dimension)
    dimension &+= 32
  }
  while dimension < width {
    let one = InlineArray<1, Void>(repeating: ())
    unsafe addDimensions(
      one, values + dimension, factors, count: count, stride: width, to: results + dimension)
    dimension &+= 16
  }
}

/// Adds Σ p · v of 16 · `N` dimensions.
@inline(__always)
func addDimensions<let N: Int>(
  _: InlineArray<N, Void>, _ values: UnsafePointer<Float>, _ factors: UnsafePointer<Float>, count: Int,
  stride: Int, to results: UnsafeMutablePointer<Float>
) {
  var sums = InlineArray<N, Lanes>(repeating: Lanes.zero)
  for part in 0..<N { sums[part] = unsafe UnsafePointer(results).lanes(at: 16 &* part) }
  var values = unsafe values
  for token in 0..<count {
    for part in 0..<N { unsafe sums[part] += values.lanes(at: 16 &* part) * factors[token] }
    unsafe values += stride
  }
  for part in 0..<N { unsafe results.store(sums[part], at: 16 &* part) }
}

/// Σ p · middle, which is the same for all dimensions.
@inline(__always)
func mixMiddles(_ weights: UnsafePointer<Float>, cache: HeadCache, count: Int) -> Float {
  var sum = Lanes.zero
  var token = 0
  while token < count {
    let products = unsafe weights.lanes(at: token) * UnsafePointer(cache.factors(token &>> 4)).lanes(at: 48)
    sum += count &- token < 16 ? products.keeping(first: count &- token, else: 0) : products
    token &+= tokensPerPage
  }
  return sum.foldedSum
}
