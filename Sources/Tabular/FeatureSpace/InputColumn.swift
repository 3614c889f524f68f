/// A column of a table and what becomes of it: its features, with all that the training rows said.
public struct InputColumn: Sendable, Equatable {
    /// The column's name, as it is in the file; a ratio's own name. Not safe to print as it is.
    public var name: String
    /// What it is.
    public var role: ColumnRole
    /// How features are made of it.
    public var encoding: Encoding

    /// How features are made of a column.
    public enum Encoding: Sendable, Equatable {
        /// Of a number.
        case number(NumberEncoding)
        /// Of one column divided by another.
        case ratio(RatioEncoding)
        /// Of a level.
        case category(CategoryEncoding)
        /// Of a date.
        case date(DateEncoding)
    }

    /// How many features there are.
    public var featureCount: Int {
        switch encoding {
        case .number(let number): number.width
        case .ratio(let ratio): ratio.result.width
        case .category(let category): category.width
        case .date(let date): date.width
        }
    }

    /// The features' names: the column's, `column=level`, `column sin(weekday)`, `column missing`. Not safe to print as
    /// they are.
    public var featureNames: [String] {
        switch encoding {
        case .number(let number): return number.featureNames(name)
        case .ratio(let ratio): return ratio.result.featureNames(name)
        case .category(let category):
            let levels = category.coding == .sign ? [category.levels.last ?? ""] : category.levels
            return levels.map { "\(name)=\($0)" } + (category.hasOther ? ["\(name) other"] : [])
                + (category.hasGap ? ["\(name) missing"] : [])
        case .date(let date):
            let parts = date.parts.flatMap { part in
                part == .year
                    ? ["\(name) year"] : ["\(name) sin(\(part.rawValue))", "\(name) cos(\(part.rawValue))"]
            }
            return parts + (date.hasGapIndicator ? ["\(name) missing"] : [])
        }
    }

    /// Whether it is yes and no as 1 and 0, which are read as numbers.
    package var isOfNumbers: Bool {
        if case .category(let category) = encoding { role == .yesNo && category.levels == ["0", "1"] } else { false }
    }

    /// The columns of the file that it is made from.
    public var sources: [String] {
        if case .ratio(let ratio) = encoding { [ratio.numerator, ratio.denominator] } else { [name] }
    }
}

/// One column divided by another, and what becomes of the outcome.
public struct RatioEncoding: Sendable, Equatable {
    /// The column above the line, and how its numbers are written.
    public var numerator: String
    public var numeratorNotation: NumberNotation
    /// What takes the place of a gap above the line; nil where the outcome is a gap then.
    public var numeratorFill: Float?
    /// The column below the line, and how its numbers are written.
    public var denominator: String
    public var denominatorNotation: NumberNotation
    /// What takes the place of a gap below the line; nil where the outcome is a gap then.
    public var denominatorFill: Float?
    /// What becomes of the outcome. One that is no number, as of a division by zero, is a gap.
    public var result: NumberEncoding

    /// Divides, with what takes the place of gaps.
    @inline(__always)
    func divide(_ above: Float, by below: Float) -> Float {
        let above = above.isFinite ? above : numeratorFill ?? .nan
        let below = below.isFinite ? below : denominatorFill ?? .nan
        return above / below
    }
}
