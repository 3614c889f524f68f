/// What the mouse did, and where.
package struct MouseEvent: Hashable, Sendable {
    /// What it did.
    package var action: Action
    /// The column, from 0.
    package var x: Int
    /// The row, from 0.
    package var y: Int

    /// What a mouse does.
    package enum Action: Hashable, Sendable {
        /// The left button went down.
        case press
        /// The wheel turned away from the hand.
        case wheelUp
        /// The wheel turned towards the hand.
        case wheelDown
    }

    /// Something that a mouse did.
    package init(_ action: Action, x: Int, y: Int) {
        (self.action, self.x, self.y) = (action, x, y)
    }
}
