/// A key as the person pressed it.
package enum Key: Hashable, Sendable {
    /// A printable character, space included.
    case character(Character)
    /// The Control key with a letter, in lower case.
    case control(Character)
    /// A function key by its number.
    case function(Int)
    /// Return or Enter.
    case enter
    /// Escape.
    case escape
    /// Tab.
    case tab
    /// Shift and Tab.
    case backTab
    /// Rubs out to the left.
    case backspace
    /// Rubs out under the cursor.
    case delete
    /// Cursor up.
    case up
    /// Cursor down.
    case down
    /// Cursor left.
    case left
    /// Cursor right.
    case right
    /// Shift and cursor left.
    case shiftLeft
    /// Shift and cursor right.
    case shiftRight
    /// To the first.
    case home
    /// To the last.
    case end
    /// A page back.
    case pageUp
    /// A page on.
    case pageDown
}
