package import TrainProtocol

/// Samples in order, of which the oldest makes room when there would be too many.
///
/// To add one, to take the last ones away and to look at a part costs nothing of what is held: parts are slices.
package struct SampleRing: RandomAccessCollection, Sendable, Equatable {
    /// The most that is held.
    let capacity: Int
    /// The samples held from `oldest` on, around the end; it grows until it is full. Once its oldest one is not the
    /// first it stays full, and holds what was taken away until that is overwritten.
    private var storage: [Sample] = []
    private var oldest = 0
    /// How many are held.
    package private(set) var count = 0

    /// An empty ring.
    init(capacity: Int) { self.capacity = capacity }

    /// The oldest one's: 0.
    package var startIndex: Int { 0 }
    /// As many as are held.
    package var endIndex: Int { count }

    /// A sample, the oldest one at 0.
    package subscript(index: Int) -> Sample {
        precondition(index >= 0 && index < count, "there is no such sample")
        return storage[place(of: index)]
    }

    /// Adds one at the end, in place of the oldest one where it is full.
    mutating func append(_ sample: Sample) {
        if count == capacity {
            storage[oldest] = sample
            oldest = place(of: 1)
            return
        }
        let next = place(of: count)
        if next == storage.count { storage.append(sample) } else { storage[next] = sample }
        count += 1
    }

    /// Changes the last one where it lies.
    mutating func changeLast(_ change: (inout Sample) -> Void) {
        precondition(count > 0, "there is no last sample")
        change(&storage[place(of: count - 1)])
    }

    /// Takes so many away from the end.
    mutating func removeLast(_ removed: Int) {
        precondition(removed >= 0 && removed <= count, "there are not so many samples")
        count -= removed
        if count == 0 { oldest = 0 }
        if oldest == 0 { storage.removeLast(storage.count - count) }
    }

    private func place(of index: Int) -> Int {
        let place = oldest + index
        return place < capacity ? place : place - capacity
    }

    /// Two are the same where the samples in them are, wherever they lie.
    package static func == (left: SampleRing, right: SampleRing) -> Bool {
        left.capacity == right.capacity && left.elementsEqual(right)
    }
}
