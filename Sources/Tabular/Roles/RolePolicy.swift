/// How it is decided what each column is: by its name and its cells, but for those that somebody gave a role.
public struct RolePolicy: Sendable, Equatable {
    /// Roles by the columns' names, of ``ColumnRole/assignable``.
    public var overrides: [String: ColumnRole]

    /// Every column is judged by its name and its cells.
    public static let automatic = RolePolicy(overrides: [:])

    /// Columns are judged by their names and cells, but for these.
    public static func automatic(_ overrides: [String: ColumnRole]) -> RolePolicy { RolePolicy(overrides: overrides) }

    private init(overrides: [String: ColumnRole]) { self.overrides = overrides }
}

/// What is predicted: one of several classes, or values.
public enum LearningTask: String, Sendable, CaseIterable {
    /// One of several classes.
    case classification
    /// A value for each target.
    case regression
}

/// What is done to features that are numbers, by what the training rows say.
public enum Scaling: String, Sendable, CaseIterable {
    /// Nothing.
    case none
    /// (x - mean) / deviation.
    case standard
    /// s = (x - median) / (the distance between the quartiles), then s / sqrt(1 + (s/3)^2), which is below 3 whatever s
    /// is. As in RealMLP (Holzmueller, Grinsztajn and Steinwart 2024).
    case robust
}

/// A column that decides which rows train, which validate and which test.
public enum SplitPolicy: Sendable, Equatable {
    /// Rows with the same value of this column are in the same set, which chance chooses. The column is no feature.
    case group(String)
    /// The rows with the greatest values of this column, dates or numbers, test, those before them validate. Rows without a
    /// value train.
    case time(String)

    /// The column.
    public var column: String {
        switch self {
        case .group(let column), .time(let column): column
        }
    }

    /// `group=COLUMN` or `time=COLUMN`.
    public init?(_ text: String) {
        guard let mark = text.firstIndex(of: "="), text.index(after: mark) < text.endIndex else { return nil }
        let column = String(text[text.index(after: mark)...])
        switch text[..<mark] {
        case "group": self = .group(column)
        case "time": self = .time(column)
        default: return nil
        }
    }

    /// What ``init(_:)`` reads.
    public var text: String {
        switch self {
        case .group(let column): "group=\(column)"
        case .time(let column): "time=\(column)"
        }
    }
}

/// What is done to targets that are values.
public enum TargetScaling: String, Sendable, CaseIterable {
    /// (y - mean) / deviation of the training rows.
    case standard
}
