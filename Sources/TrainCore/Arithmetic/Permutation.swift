/// The numbers 0 ..< `count` in a random order: every order is equally likely, and `philox` and `epoch` name one.
///
/// Fisher and Yates's shuffle, in Durstenfeld's form: the place `i`, from the last one down, trades with one of
/// 0 ... `i`. Its randomness comes from the blocks (block, 0, `epoch`, 0), read four words at a time.
package func permutation(of count: Int, philox: Philox, epoch: UInt32 = 0) -> [UInt32] {
    var order: [UInt32] = []
    permute(count: count, philox: philox, epoch: epoch, into: &order)
    return order
}

/// Writes ``permutation(of:philox:epoch:)`` into `order`, whose memory is used again. Traps above 2^32 - 1 numbers.
package func permute(count: Int, philox: Philox, epoch: UInt32 = 0, into order: inout [UInt32]) {
    precondition(count >= 0 && count <= Int(UInt32.max), "\(count) numbers cannot be permuted")
    if order.count != count { order = Array(repeating: 0, count: count) }
    var words = WordSequence(philox: philox, epoch: epoch)
    order.withUnsafeMutableBufferPointer { order in
        for number in order.indices { order[number] = UInt32(number) }
        for last in stride(from: order.count - 1, to: 0, by: -1) {
            order.swapAt(last, Int(words.next(below: UInt32(last) + 1)))
        }
    }
}

/// The words of successive blocks, one by one.
private struct WordSequence {
    let philox: Philox
    let epoch: UInt32
    private var nextBlock: UInt64 = 0
    private var words: (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
    private var left = 0

    init(philox: Philox, epoch: UInt32) {
        self.philox = philox
        self.epoch = epoch
    }

    private mutating func next() -> UInt32 {
        if left == 0 {
            let (low, high) = (UInt32(truncatingIfNeeded: nextBlock), UInt32(truncatingIfNeeded: nextBlock >> 32))
            words = philox.block(low, high, epoch, 0)
            nextBlock += 1
            left = 4
        }
        left -= 1
        switch left {
        case 3: return words.0
        case 2: return words.1
        case 1: return words.2
        default: return words.3
        }
    }

    /// A number of 0 ..< `bound`, each equally likely: Lemire, "Fast random integer generation in an interval" (2019).
    /// The few products that would favour some numbers are drawn again.
    mutating func next(below bound: UInt32) -> UInt32 {
        var product = next().multipliedFullWidth(by: bound)
        if product.low < bound {
            let threshold = (0 &- bound) % bound
            while product.low < threshold { product = next().multipliedFullWidth(by: bound) }
        }
        return product.high
    }
}
