/// Where one of several processes that train together stands.
public struct ProcessProgress: Sendable, Equatable {
    /// Its number, from 0.
    public let rank: Int
    /// The computer that it runs on. It comes from elsewhere: whoever shows it sanitises it.
    public let host: String
    /// The steps that it has taken.
    public let step: Int
    /// Whether it is there.
    public let state: State

    /// What is known of a process.
    public enum State: Sendable, Equatable {
        /// It trains, or waits as all do.
        case there
        /// It ended without a word.
        case lost
        /// It has nothing left to do.
        case done
    }

    /// Where a process stands.
    public init(rank: Int, host: String, step: Int, state: State = .there) {
        self.rank = rank
        self.host = host
        self.step = step
        self.state = state
    }
}
