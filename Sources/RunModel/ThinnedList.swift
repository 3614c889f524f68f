/// A list that never holds more than ``capacity`` elements: when it would, every second one goes.
///
/// For marks along a run, of which an even selection says as much as all of them.
package struct ThinnedList<Element: Sendable & Equatable>: Sendable, Equatable {
    /// What is left, in order. The last one added is always there.
    package private(set) var elements: [Element] = []
    /// The most that is held.
    package let capacity: Int

    /// An empty list.
    package init(capacity: Int = 2048) {
        self.capacity = max(2, capacity)
    }

    /// A list of elements that another one held.
    package init(_ elements: [Element], capacity: Int = 2048) {
        self.init(capacity: capacity)
        for element in elements { append(element) }
    }

    /// Adds one at the end.
    package mutating func append(_ element: Element) {
        if elements.count >= capacity {
            // In place: marks come by the thousand a second at full speed.
            let kept = (elements.count + 1) / 2
            for index in 1..<kept { elements.swapAt(index, 2 * index) }
            elements.removeLast(elements.count - kept)
        }
        elements.append(element)
    }
}
