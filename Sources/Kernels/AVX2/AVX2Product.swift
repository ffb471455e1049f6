#if arch(x86_64)
  import SwiftletKernels
  import _Builtin_intrinsics.intel

  extension KernelSet {
    /// AVX2: 32 multiplications and additions in three instructions.
    ///
    /// `vpmaddubsw` multiplies unsigned by signed bytes, so it gets |a| and sign(w, a); two products of at most
    /// 127 · 127 fit its int16 (numeric contract, 3).
    public static var avx2: KernelSet {
      // Only this module is compiled for the instruction set: no other may take its code in.
      @export(interface) get {
        kernelSet(name: "avx2", zeroPoint: 0) {
          avx2Product($0, $1, count: $2, into: $3, stride: $4, activation: $5)
        }
      }
    }
  }

  /// See `plainProduct`. Tokens in blocks of up to 4.
  func avx2Product(
    _ weights: LinearWeights, _ activations: QuantizedRows, count: Int,
    into output: UnsafeMutablePointer<Float>, stride: Int, activation: Activation
  ) {
    var token = 0
    while token < count {
      let target = Target(output: output + token &* stride, stride: stride, activation: activation)
      let rows = activations.advanced(by: token, for: weights)
      switch count &- token {
      case 1: token &+= tokenBlock(weights, rows, target, InlineArray<1, Void>(repeating: ()))
      case 2: token &+= tokenBlock(weights, rows, target, InlineArray<2, Void>(repeating: ()))
      case 3: token &+= tokenBlock(weights, rows, target, InlineArray<3, Void>(repeating: ()))
      default: token &+= tokenBlock(weights, rows, target, InlineArray<4, Void>(repeating: ()))
      }
    }
  }

  /// The sums of 16 rows, in two registers.
  struct Sixteen {
    var low = _mm256_setzero_si256()
    var high = _mm256_setzero_si256()

    @inline(__always)
    var lanes: Lanes {
      Lanes(lowHalf: _mm256_cvtepi32_ps(low), highHalf: _mm256_cvtepi32_ps(high))
    }
  }

  /// Matrix × `M` tokens, a tile at a time. Returns M.
  @inline(__always)
  func tokenBlock<let M: Int>(
    _ weights: LinearWeights, _ rows: QuantizedRows, _ target: Target, _ tokens: InlineArray<M, Void>
  ) -> Int {
    for tile in 0..<weights.paddedRows / 16 {
      var totals = InlineArray<M, Lanes>(repeating: Lanes.zero)
      for group in 0..<weights.groups {
        var dots = InlineArray<M, Sixteen>(repeating: Sixteen())
        var sums = Sixteen()
        multiply(weights, rows, tile: tile, group: group, &dots, &sums)
        let scales = weights.scales(tile: tile, group: group)
        let floatSums = weights.usesOffset ? rowSums(weights, tile: tile, counted: sums) : Lanes.zero
        for m in 0..<M {
          let place = m &* weights.groups &+ group
          var term = dots[m].lanes * rows.scales[place]
          if weights.usesOffset { term += floatSums * rows.middles[place] }
          totals[m] += scales * term
        }
      }
      for m in 0..<M {
        finish(
          totals[m], weights, tile: tile, into: target.output + m &* target.stride,
          activation: target.activation)
      }
    }
    return M
  }

  /// Adds one group's products to `dots`, and its weights to `sums` where they are needed and not in the file.
  @inline(__always)
  func multiply<let M: Int>(
    _ weights: LinearWeights, _ rows: QuantizedRows, tile: Int, group: Int,
    _ dots: inout InlineArray<M, Sixteen>, _ sums: inout Sixteen
  ) {
    let columns = weights.paddedColumns
    let start = group &* weights.groupSize
    let block = UnsafeRawPointer(weights.tiles + 16 &* (tile &* columns &+ start))
    let values = UnsafeRawPointer(rows.values + start)
    let countsSums = weights.usesOffset && !weights.scalesPerRow
    let ones = _mm256_set1_epi16(1)
    let one = _mm256_set1_epi8(1)
    // Σw in int16: each step adds a pair of weights, and a group of 64 inputs has 16 steps, so at most 4064.
    var pairs = Sixteen()
    var input = 0
    while input < weights.groupSize {
      let low = (block + 16 &* input).loadUnaligned(as: __m256i.self)
      let high = (block + (16 &* input &+ 32)).loadUnaligned(as: __m256i.self)
      for m in 0..<M {
        let a = _mm256_set1_epi32((values + (m &* columns &+ input)).loadUnaligned(as: Int32.self))
        let magnitude = _mm256_abs_epi8(a)
        add(_mm256_maddubs_epi16(magnitude, _mm256_sign_epi8(low, a)), to: &dots[m].low, ones)
        add(_mm256_maddubs_epi16(magnitude, _mm256_sign_epi8(high, a)), to: &dots[m].high, ones)
      }
      if countsSums {
        pairs.low = _mm256_add_epi16(pairs.low, _mm256_maddubs_epi16(one, low))
        pairs.high = _mm256_add_epi16(pairs.high, _mm256_maddubs_epi16(one, high))
      }
      input &+= 4
    }
    if countsSums {
      add(pairs.low, to: &sums.low, ones)
      add(pairs.high, to: &sums.high, ones)
    }
  }

  /// Adds pairs of int16 to int32 sums.
  @inline(__always)
  func add(_ pairs: __m256i, to sum: inout __m256i, _ ones: __m256i) {
    sum = _mm256_add_epi32(sum, _mm256_madd_epi16(pairs, ones))
  }

  @inline(__always)
  func rowSums(_ weights: LinearWeights, tile: Int, counted: Sixteen) -> Lanes {
    guard let sums = weights.sums else { return counted.lanes }
    let place = UnsafeRawPointer(sums + 16 &* tile)
    return Sixteen(
      low: place.loadUnaligned(as: __m256i.self), high: (place + 32).loadUnaligned(as: __m256i.self)
    ).lanes
  }
#endif
