#if arch(arm64)
  import SwiftletKernels
  import _Builtin_intrinsics.arm.neon

  /// Four inputs of four rows of a tile.
  @inline(__always)
  func weights(_ place: UnsafeRawPointer) -> int8x16_t { unsafe place.loadUnaligned(as: int8x16_t.self) }

  /// Four inputs of a token, for four rows.
  @inline(__always)
  func broadcast(_ place: UnsafeRawPointer) -> int8x16_t {
    unsafe vreinterpretq_s8_s32(vdupq_n_s32(place.loadUnaligned(as: Int32.self)))
  }

  /// Adds the products of `M` tokens, `stride` bytes apart, with `R` tiles over `inputs` inputs.
  @inline(__always)
  func addDots<let M: Int, let R: Int>(
    _ values: UnsafeRawPointer, _ stride: Int, _ blocks: InlineArray<R, UnsafeRawPointer>, inputs: Int,
    _ dots: inout InlineArray<R, InlineArray<M, Accumulator>>
  ) {
    var input = 0
    while input &+ 16 <= inputs {
      let a: InlineArray<M, SIMD4<Int32>> = filled(SIMD4.zero) {
        unsafe (values + ($0 &* stride &+ input)).loadUnaligned(as: SIMD4<Int32>.self)
      }
      for step in 0..<4 {
        let place = 16 &* input &+ 64 &* step
        for r in 0..<R {
          for q in 0..<4 {
            let w = unsafe weights(blocks[r] + (place &+ 16 &* q))
            for m in 0..<M {
              let four = vreinterpretq_s8_s32(vdupq_n_s32(a[m][step]))
              dots[r][m].quarters[q] = vdotq_s32(dots[r][m].quarters[q], w, four)
            }
          }
        }
      }
      input &+= 16
    }
    unsafe addTail(values, stride, blocks, from: input, to: inputs, &dots)
  }

  /// Adds the products of inputs `start` to `end`, four by four.
  @inline(__always)
  func addTail<let M: Int, let R: Int>(
    _ values: UnsafeRawPointer, _ stride: Int, _ blocks: InlineArray<R, UnsafeRawPointer>, from start: Int,
    to end: Int, _ dots: inout InlineArray<R, InlineArray<M, Accumulator>>
  ) {
    var input = start
    while input < end {
      for r in 0..<R {
        for q in 0..<4 {
          let w = unsafe weights(blocks[r] + (16 &* input &+ 16 &* q))
          for m in 0..<M {
            let a = unsafe broadcast(values + (m &* stride &+ input))
            dots[r][m].quarters[q] = vdotq_s32(dots[r][m].quarters[q], w, a)
          }
        }
      }
      input &+= 4
    }
  }

  /// Σw over `inputs` inputs of a tile.
  @inline(__always)
  func weightSums(_ block: UnsafeRawPointer, inputs: Int) -> Accumulator {
    let ones = vdupq_n_s8(1)
    var sums = Accumulator.zero
    var input = 0
    while input < inputs {
      for q in 0..<4 {
        let w = unsafe weights(block + (16 &* input &+ 16 &* q))
        sums.quarters[q] = vdotq_s32(sums.quarters[q], w, ones)
      }
      input &+= 4
    }
    return sums
  }

  /// Adds Σ q·w of `M` tokens' `P` parts with `R` tiles over `inputs` inputs. Returns Σw, which is counted on the way.
  @inline(__always)
  func multiplyCounting<let M: Int, let P: Int, let R: Int>(
    _ values: UnsafeRawPointer, stride: Int, _ blocks: InlineArray<R, UnsafeRawPointer>, inputs: Int,
    _ dots: inout InlineArray<M, InlineArray<P, InlineArray<R, Accumulator>>>
  ) -> InlineArray<R, Accumulator> {
    let ones = vdupq_n_s8(1)
    var sums = InlineArray<R, Accumulator>(repeating: Accumulator.zero)
    var input = 0
    while input < inputs {
      for r in 0..<R {
        for q in 0..<4 {
          let w = unsafe weights(blocks[r] + (16 &* input &+ 16 &* q))
          for m in 0..<M {
            for p in 0..<P {
              let a = unsafe broadcast(values + (m &* stride &+ p &* inputs &+ input))
              dots[m][p][r].quarters[q] = vdotq_s32(dots[m][p][r].quarters[q], w, a)
            }
          }
          sums[r].quarters[q] = vdotq_s32(sums[r].quarters[q], w, ones)
        }
      }
      input &+= 4
    }
    return sums
  }
#endif
