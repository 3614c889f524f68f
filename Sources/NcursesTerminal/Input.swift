package import Canvas

/// What came from the keyboard, or from the window.
package enum Input: Hashable, Sendable {
    /// A key was pressed.
    case key(Key)
    /// The terminal has another size.
    case resized(Size)
}
