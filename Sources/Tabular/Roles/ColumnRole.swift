/// What a column of a table is, which decides what becomes of it.
public enum ColumnRole: String, Sendable, CaseIterable {
    /// A quantity: one feature, and one more that says where it is missing, where that is so often.
    case number
    /// Text, or codes, with few different values: a feature for each of them; where there are two, one feature.
    case category
    /// A day, a time of the day or both: the year as a decimal, and where it is within the year, the week and the day.
    case date
    /// Yes or no, true or false, 1 or 0: one feature.
    case yesNo = "yes_no"
    /// A name or a number for the row, which says nothing about it: left out.
    case identifier
    /// Text that differs from row to row: left out.
    case text
    /// The same in every row: left out.
    case constant
    /// No values: left out.
    case empty
    /// Left out because somebody said so.
    case ignore

    /// Whether features are made of such a column.
    public var isUsed: Bool {
        switch self {
        case .number, .category, .date, .yesNo: true
        case .identifier, .text, .constant, .empty, .ignore: false
        }
    }

    /// The role in words: "number", "yes/no", "free text".
    public var title: String {
        switch self {
        case .yesNo: "yes/no"
        case .text: "free text"
        case .empty: "no values"
        case .number, .category, .date, .identifier, .constant, .ignore: rawValue
        }
    }

    /// The roles that a person can give to a column.
    public static let assignable: [ColumnRole] = [.number, .category, .date, .yesNo, .ignore]
}
