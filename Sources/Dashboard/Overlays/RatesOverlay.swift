import Canvas
import TrainEngine

/// How the loss behaves at every learning rate, and which rate to use.
struct RatesOverlay: OverlayContent, Equatable {
    /// The outcome of the test.
    let test: LearningRateTest

    func press(_ key: Key, in state: inout DashboardState) -> [Effect] { [] }

    func draw(in rect: Rect, on frame: inout Frame, state: DashboardState, face: Face) {}

    func hints(_ state: DashboardState) -> [(keys: String, word: String)] { [] }
}
