/// How one of several levels becomes features.
public struct CategoryEncoding: Sendable, Equatable {
    /// What the features are.
    public enum Coding: String, Sendable, CaseIterable {
        /// One for each level, 1 where the row has it and 0 elsewhere. A level that is not known has 0 everywhere.
        case oneHot = "one_hot"
        /// One for both levels: -1 for the first, +1 for the second, 0 for anything else. A scaled input is about as far
        /// from 0, and 0 takes no side. As in RealMLP.
        case sign
    }

    /// The levels, as they are written most often, in the order of their features.
    public var levels: [String]
    /// What the features are.
    public var coding: Coding
    /// Whether one more feature stands for every other level: those that were too rare, and those never seen.
    public var hasOther: Bool
    /// Whether one more feature is 1 where there is a gap.
    public var hasGap: Bool

    /// Features.
    var width: Int { (coding == .sign ? 1 : levels.count) + (hasOther ? 1 : 0) + (hasGap ? 1 : 0) }

    /// What a cell is.
    enum Level: Equatable {
        case known(Int)
        case other
        case gap
    }

    /// Writes the features of a level.
    func encode(_ level: Level, into features: UnsafeMutablePointer<Float>) {
        for index in 0..<width { features[index] = 0 }
        let afterLevels = coding == .sign ? 1 : levels.count
        switch level {
        case .known(let index):
            if coding == .sign { features[0] = index == 0 ? -1 : 1 } else { features[index] = 1 }
        case .other:
            if hasOther { features[afterLevels] = 1 }
        case .gap:
            if hasGap { features[afterLevels + (hasOther ? 1 : 0)] = 1 }
        }
    }
}
