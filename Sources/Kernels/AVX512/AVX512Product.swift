#if arch(x86_64)
  import SwiftletKernels
  import _Builtin_intrinsics.intel

  extension KernelSet {
    /// AVX-512 with VNNI: 64 multiplications and additions an instruction.
    ///
    /// `vpdpbusd` multiplies unsigned by signed bytes, so activations are stored as q + 128, and 128 · Σw is
    /// taken off again: exact in int32.
    public static var avx512: KernelSet {
      // Only this module is compiled for the instruction set: no other may take its code in.
      @export(interface) get {
        kernelSet(name: "avx512-vnni", zeroPoint: 128) {
          avx512Product($0, $1, count: $2, into: $3, stride: $4, activation: $5)
        }
      }
    }
  }

  /// See `plainProduct`.
  func avx512Product(
    _ weights: LinearWeights, _ activations: QuantizedRows, count: Int,
    into output: UnsafeMutablePointer<Float>, stride: Int, activation: Activation
  ) {
    let target = Target(output: output, stride: stride, activation: activation)
    if count == 1 {
      vectorProduct(weights, activations, target)
    } else {
      matrixProduct(weights, activations, count: count, target)
    }
  }

  /// Matrix × vector: four tiles at a time, so that four sums grow independently.
  func vectorProduct(_ weights: LinearWeights, _ rows: QuantizedRows, _ target: Target) {
    let tiles = weights.paddedRows / 16
    let one = InlineArray<1, Void>(repeating: ())
    var tile = 0
    while tile &+ 4 <= tiles {
      product(weights, rows, tile: tile, target, one, InlineArray<4, Void>(repeating: ()))
      tile &+= 4
    }
    while tile < tiles {
      product(weights, rows, tile: tile, target, one, InlineArray<1, Void>(repeating: ()))
      tile &+= 1
    }
  }

  /// Matrix × matrix: two tiles at a time, each with all tokens in equal blocks of up to 6, so that a tile comes
  /// from memory once while the tokens' products are computed.
  func matrixProduct(_ weights: LinearWeights, _ rows: QuantizedRows, count: Int, _ target: Target) {
    let tiles = weights.paddedRows / 16
    let blocks = (count &+ 5) / 6
    let size = (count &+ blocks &- 1) / blocks
    for tile in stride(from: 0, to: tiles, by: 2) {
      for token in stride(from: 0, to: count, by: size) {
        let block = Target(
          output: target.output + token &* target.stride, stride: target.stride, activation: target.activation
        )
        let rows = rows.advanced(by: token, for: weights)
        if tile &+ 2 <= tiles {
          tileProduct(
            weights, rows, count: min(size, count &- token), tile: tile, block,
            InlineArray<2, Void>(repeating: ()))
        } else {
          tileProduct(
            weights, rows, count: min(size, count &- token), tile: tile, block,
            InlineArray<1, Void>(repeating: ()))
        }
      }
    }
  }

  /// `R` tiles × 1 to 6 tokens.
  @inline(__always)
  func tileProduct<let R: Int>(
    _ weights: LinearWeights, _ rows: QuantizedRows, count: Int, tile: Int, _ target: Target,
    _ tiles: InlineArray<R, Void>
  ) {
    switch count {
    case 1: product(weights, rows, tile: tile, target, InlineArray<1, Void>(repeating: ()), tiles)
    case 2: product(weights, rows, tile: tile, target, InlineArray<2, Void>(repeating: ()), tiles)
    case 3: product(weights, rows, tile: tile, target, InlineArray<3, Void>(repeating: ()), tiles)
    case 4: product(weights, rows, tile: tile, target, InlineArray<4, Void>(repeating: ()), tiles)
    case 5: product(weights, rows, tile: tile, target, InlineArray<5, Void>(repeating: ()), tiles)
    default: product(weights, rows, tile: tile, target, InlineArray<6, Void>(repeating: ()), tiles)
    }
  }

  /// `R` tiles × `M` tokens, all sums in registers.
  @inline(__always)
  func product<let M: Int, let R: Int>(
    _ weights: LinearWeights, _ rows: QuantizedRows, tile: Int, _ target: Target,
    _ tokens: InlineArray<M, Void>, _ tiles: InlineArray<R, Void>
  ) {
    var totals = InlineArray<R, InlineArray<M, Lanes>>(repeating: InlineArray(repeating: Lanes.zero))
    if weights.scalesPerRow {
      addGroup(weights, rows, tile: tile, group: 0, to: &totals, scalesPerRow: true)
    } else {
      for group in 0..<weights.groups {
        addGroup(weights, rows, tile: tile, group: group, to: &totals, scalesPerRow: false)
      }
    }
    for r in 0..<R {
      for m in 0..<M {
        finish(
          totals[r][m], weights, tile: tile &+ r, into: target.output + m &* target.stride,
          activation: target.activation)
      }
    }
  }

  /// Adds one group's part to the totals. `scalesPerRow` is the matrix's, known when this is compiled.
  ///
  /// Without an offset the middles are zero: adding their part changes no bit of a total, which is never −0, and
  /// costs less than a branch.
  @inline(__always)
  func addGroup<let M: Int, let R: Int>(
    _ weights: LinearWeights, _ rows: QuantizedRows, tile: Int, group: Int,
    to totals: inout InlineArray<R, InlineArray<M, Lanes>>, scalesPerRow: Bool
  ) {
    let columns = weights.paddedColumns
    let start = group &* weights.groupSize
    let block = UnsafeRawPointer(weights.tiles + 16 &* (tile &* columns &+ start))
    let values = UnsafeRawPointer(rows.values + start)
    var dots = InlineArray<R, InlineArray<M, __m512i>>(
      repeating: InlineArray(repeating: _mm512_setzero_si512()))
    var sums = InlineArray<R, __m512i>(repeating: _mm512_setzero_si512())
    var input = 0
    while input < weights.groupSize {
      multiply(
        values + input, block + 16 &* input, columns, &dots, &sums, countsSums: !scalesPerRow)
      input &+= 4
    }
    for r in 0..<R {
      let place = 16 &* ((tile &+ r) &* weights.groups &+ group)
      let scales =
        scalesPerRow
        ? weights.scales.assumingMemoryBound(to: Float.self).lanes(at: place)
        : floats(bfloat16At: weights.scales.assumingMemoryBound(to: UInt16.self) + place)
      let sum = scalesPerRow ? loadSums(weights, tile: tile &+ r) : sums[r]
      let shift = _mm512_slli_epi32(sum, 7)
      let floatSums = _mm512_cvtepi32_ps(sum)
      for m in 0..<M {
        let place = m &* weights.groups &+ group
        let dot = _mm512_cvtepi32_ps(_mm512_sub_epi32(dots[r][m], shift))
        totals[r][m] += scales * (dot * rows.scales[place] + floatSums * rows.middles[place])
      }
    }
  }

  /// Four inputs of `R` tiles × `M` tokens.
  @inline(__always)
  func multiply<let M: Int, let R: Int>(
    _ values: UnsafeRawPointer, _ block: UnsafeRawPointer, _ columns: Int,
    _ dots: inout InlineArray<R, InlineArray<M, __m512i>>, _ sums: inout InlineArray<R, __m512i>,
    countsSums: Bool
  ) {
    let ones = _mm512_set1_epi8(1)
    var a = InlineArray<M, __m512i>(repeating: ones)
    for m in 0..<M {
      a[m] = _mm512_set1_epi32((values + m &* columns).loadUnaligned(as: Int32.self))
    }
    for r in 0..<R {
      let w = (block + 16 &* r &* columns).loadUnaligned(as: __m512i.self)
      for m in 0..<M { dots[r][m] = _mm512_dpbusd_epi32(dots[r][m], a[m], w) }
      if countsSums { sums[r] = _mm512_dpbusd_epi32(sums[r], ones, w) }
    }
  }

  @inline(__always)
  func loadSums(_ weights: LinearWeights, tile: Int) -> __m512i {
    guard let sums = weights.sums else { return _mm512_setzero_si512() }
    return UnsafeRawPointer(sums + 16 &* tile).loadUnaligned(as: __m512i.self)
  }
#endif
