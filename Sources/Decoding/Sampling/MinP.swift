/// Keeps the tokens with at least the part `p` of the likeliest one's probability (Nguyen et al. 2024; transformers'
/// `min_p`).
func keepMinP(
  _ tokens: UnsafeMutableBufferPointer<WeightedToken>, _ p: Float
) -> UnsafeMutableBufferPointer<WeightedToken> {
  var largest: Float = 0
  for index in 0..<tokens.count { largest = unsafe max(largest, tokens[index].weight) }
  var count = 0
  for index in 0..<tokens.count where unsafe tokens[index].weight >= largest * p {
    unsafe tokens[count] = tokens[index]
    count += 1
  }
  return unsafe UnsafeMutableBufferPointer(rebasing: tokens[..<count])
}
