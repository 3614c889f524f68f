package import Canvas

/// What came from the keyboard, the mouse or the window.
package enum Input: Hashable, Sendable {
    /// A key was pressed.
    case key(Key)
    /// The mouse did something.
    case mouse(MouseEvent)
    /// The terminal has another size.
    case resized(Size)
}
