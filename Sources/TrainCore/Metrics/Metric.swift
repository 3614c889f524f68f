/// What is reported beside the loss: sums over rows seen, and a value made of them.
public protocol Metric: CatalogueEntry {
    /// Whether more is better.
    static var higherIsBetter: Bool { get }

    /// The power of the targets' unit that its values are in: 1 for an absolute error, 2 for a squared one, 0 for a share.
    /// Values are told in the unit of the table, by ``Dataset/targetUnit``.
    static var powerOfUnit: Int { get }

    /// How many sums it keeps for an output of that many units. They start at 0 with every epoch.
    static func sums(units: Int) -> Int

    /// Adds rows to the sums.
    ///
    /// Shapes: prediction rows x units; target rows x units, or rows x 1 for class numbers.
    func add(_ prediction: Matrix, _ target: Matrix, to sums: UnsafeMutablePointer<Double>)

    /// The value of the rows added so far; called only after some were.
    func value(_ sums: UnsafePointer<Double>, units: Int) -> Double
}

extension Metric {
    public static var higherIsBetter: Bool { false }
    public static var powerOfUnit: Int { 0 }
    public static func sums(units: Int) -> Int { 2 }

    /// The first sum over the second: a mean.
    public func value(_ sums: UnsafePointer<Double>, units: Int) -> Double { sums[0] / sums[1] }
}
