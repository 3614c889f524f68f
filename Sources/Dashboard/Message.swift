package import Canvas
package import RunModel
package import TrainProtocol

/// What can happen to the dashboard. Everything it knows arrives in one of these.
package enum Message: Sendable, Equatable {
    /// The person pressed a key.
    case key(Key)
    /// The mouse did something on a screen of that size.
    case mouse(MouseEvent, on: Size)
    /// The training has news.
    case update(EngineUpdate)
    /// It is this many seconds after some fixed moment, never going back. Send one before anything that came after a
    /// wait: notices fade by it.
    case tick(Double)
    /// The program itself has something to say, such as a file that could not be read.
    case notice(String)
    /// A run that was asked for, to be drawn under this one.
    case overlaid(OverlaidRun)
    /// Something was done.
    case done(String)
    /// The theme that was asked for cannot be used, and why; that one is in use.
    case themeRefused(inUse: String, reason: String)
}
