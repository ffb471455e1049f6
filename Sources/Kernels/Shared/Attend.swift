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
/// q·k = s · Σ q q8 + mid · Σ q, and a page's q8 are made floats once for all queries. Queries are shortened first, and so
/// are the weights' products with the values' scales, so that all products with a q8 are exact (see `shortened`). Each query's result is the
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
  unsafe scoreKeys(queries, scale: scale, cache: cache, count: count, scratch: scratch, into: weights)
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

/// A tile of queries for those that are left over.
typealias OneQuery = InlineArray<1, Void>

/// Scores of the `count` tokens, rounded up to whole pages, for each query. What the queries were shortened to lies where
/// their results will.
@inline(__always)
func scoreKeys(
  _ queries: AttendingQueries, scale: Float, cache: HeadCache, count: Int,
  scratch: UnsafeMutablePointer<Float>,
  into scores: UnsafeMutablePointer<Float>
) {
  let stride = roundUp(count, to: tokensPerPage)
  let shortened = unsafe scratch + AttentionScratch.results(width: cache.width)
  var sums = InlineArray<8, Float>(repeating: 0)
  for query in 0..<queries.count {
    let place = unsafe shortened + query &* cache.paddedWidth
    var index = 0
    while index < cache.width {
      unsafe place.store(queries[query].lanes(at: index, end: cache.width).shortened, at: index)
      index &+= 16
    }
    sums[query] = unsafe sum(place, count: cache.paddedWidth)
  }
  var token = 0
  while token < count {
    unsafe expand(UnsafePointer(cache.keys(token &>> 4)), count: tokensPerPage &* cache.width, into: scratch)
    let factors = unsafe UnsafePointer(cache.factors(token &>> 4))
    let page = unsafe KeyPage(
      keys: scratch, scales: factors.lanes(at: 0), middles: factors.lanes(at: 16), queries: shortened,
      sums: sums,
      cache: cache, scale: scale)
    var query = 0
    while query &+ QueryTile.count <= queries.count {
      unsafe page.score(QueryTile(repeating: ()), from: query, into: scores + token, stride: stride)
      query &+= QueryTile.count
    }
    while QueryTile.count > 1 && query < queries.count {
      unsafe page.score(OneQuery(repeating: ()), from: query, into: scores + token, stride: stride)
      query &+= 1
    }
    token &+= tokensPerPage
  }
}

/// What the scores of a page's 16 tokens are made of: their keys as floats, and queries, shortened, with their sums.
@safe struct KeyPage {
  let keys: UnsafePointer<Float>
  let scales: Lanes
  let middles: Lanes
  let queries: UnsafePointer<Float>
  let sums: InlineArray<8, Float>
  let cache: HeadCache
  let scale: Float

  /// Stores the scores of `N` queries from `query` on, in rows of `stride`.
  @inline(__always)
  func score<let N: Int>(
    _: InlineArray<N, Void>, from query: Int, into scores: UnsafeMutablePointer<Float>, stride: Int
  ) {
    let dots: InlineArray<N, Lanes> = unsafe dotProducts(
      queries + query &* cache.paddedWidth, stride: cache.paddedWidth, keys, width: cache.width)
    for n in 0..<N {
      let score = (dots[n] * scales + middles * sums[query &+ n]) * scale
      unsafe scores.store(score, at: (query &+ n) &* stride)
    }
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

/// Each of `N` queries' Σ q·k of 16 tokens, in four sums that grow independently: dimension i goes to sum i mod 4, those
/// after the last whole four to the first.
@inline(__always)
func dotProducts<let N: Int>(
  _ queries: UnsafePointer<Float>, stride: Int, _ keys: UnsafePointer<Float>, width: Int
) -> InlineArray<N, Lanes> {
  var sums = InlineArray<4, InlineArray<N, Lanes>>(repeating: InlineArray(repeating: Lanes.zero))
  var dimension = 0
  while dimension &+ 4 <= width {
    for part in 0..<4 {
      let place = dimension &+ part
      let key = unsafe keys.lanes(at: 16 &* place)
      for n in 0..<N { unsafe sums[part][n].add(key, times: queries[n &* stride &+ place]) }
    }
    dimension &+= 4
  }
  while dimension < width {
    let key = unsafe keys.lanes(at: 16 &* dimension)
    for n in 0..<N { unsafe sums[0][n].add(key, times: queries[n &* stride &+ dimension]) }
    dimension &+= 1
  }
  var dots = InlineArray<N, Lanes>(repeating: Lanes.zero)
  for n in 0..<N { dots[n] = (sums[0][n] + sums[1][n]) + (sums[2][n] + sums[3][n]) }
  return dots
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

/// Each query's Σ p · v over `count` tokens, in order: with v = mid + s·q8, Σ shortened(p · s) q8 + Σ p · mid.
@inline(__always)
func mixValues(
  _ queries: AttendingQueries, _ weights: UnsafePointer<Float>, cache: HeadCache, count: Int,
  scratch: UnsafeMutablePointer<Float>
) {
  let stride = roundUp(count, to: tokensPerPage)
  let results = unsafe scratch + AttentionScratch.results(width: cache.width)
  unsafe results.update(repeating: 0, count: queries.count &* cache.paddedWidth)
  var token = 0
  while token < count {
    let present = min(tokensPerPage, count &- token)
    unsafe expand(
      UnsafePointer(cache.values(token &>> 4)), count: present &* cache.paddedWidth, into: scratch)
    let scales = unsafe UnsafePointer(cache.factors(token &>> 4)).lanes(at: 32)
    var query = 0
    while query &+ QueryTile.count <= queries.count {
      unsafe addValues(
        QueryTile(repeating: ()), scratch, scales, weights + (query &* stride &+ token), stride: stride,
        count: present, width: cache.paddedWidth, to: results + query &* cache.paddedWidth)
      query &+= QueryTile.count
    }
    while QueryTile.count > 1 && query < queries.count {
      unsafe addValues(
        OneQuery(repeating: ()), scratch, scales, weights + (query &* stride &+ token), stride: stride,
        count: present, width: cache.paddedWidth, to: results + query &* cache.paddedWidth)
      query &+= 1
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

/// Adds `N` queries' Σ p · v over a page's `count` tokens of `width` dimensions, a multiple of 16; the queries' weights
/// are in rows of `stride`.
@inline(__always)
func addValues<let N: Int>(
  _: InlineArray<N, Void>, _ values: UnsafePointer<Float>, _ scales: Lanes, _ weights: UnsafePointer<Float>,
  stride: Int, count: Int, width: Int, to results: UnsafeMutablePointer<Float>
) {
  var factors = InlineArray<N, Lanes>(repeating: Lanes.zero)
  for n in 0..<N { factors[n] = unsafe (weights.lanes(at: n &* stride) * scales).shortened }
  unsafe withUnsafePointer(to: &factors) {
    let factors = unsafe UnsafeRawPointer($0).assumingMemoryBound(to: InlineArray<N, Row>.self)
    unsafe addValues(values, factors, count: count, width: width, to: results)
  }
}

/// The same with the weights' products with the values' scales. Not inlined, so that these stay in memory, from where one
/// at a time is multiplied.
@inline(never)
func addValues<let N: Int>(
  _ values: UnsafePointer<Float>, _ factors: UnsafePointer<InlineArray<N, Row>>, count: Int, width: Int,
  to results: UnsafeMutablePointer<Float>
) {
  var dimension = 0
  while dimension &+ 32 <= width {
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

/// Adds `N` queries' Σ p · v of 16 · `D` dimensions; values and results are in rows of `stride`.
@inline(__always)
func addDimensions<let N: Int, let D: Int>(
  _: InlineArray<D, Void>, _ values: UnsafePointer<Float>, _ factors: UnsafePointer<InlineArray<N, Row>>,
  count: Int, stride: Int, to results: UnsafeMutablePointer<Float>
) {
  var sums = InlineArray<N, InlineArray<D, Lanes>>(repeating: InlineArray(repeating: Lanes.zero))
  for n in 0..<N {
    for part in 0..<D { sums[n][part] = unsafe UnsafePointer(results + n &* stride).lanes(at: 16 &* part) }
  }
  var values = unsafe values
  for token in 0..<count {
    for n in 0..<N {
      for part in 0..<D {
        unsafe sums[n][part].add(values.lanes(at: 16 &* part), times: factors.pointee[n][token])
      }
    }
    unsafe values += stride
  }
  for n in 0..<N {
    for part in 0..<D { unsafe results.store(sums[n][part], at: n &* stride &+ 16 &* part) }
  }
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
