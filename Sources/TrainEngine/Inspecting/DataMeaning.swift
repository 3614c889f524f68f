public import TrainProtocol

/// What the numbers of a run's data sets mean to a person, told by whoever made them of a table.
public struct DataMeaning: Sendable {
    /// The features' names, as many as there are; fewer where nobody knows them.
    public var features: [String] = []
    /// The columns of the table that the features are made of, each with how many it has, in the order of the features; none
    /// where every feature is one of its own.
    public var inputs: [Input] = []
    /// What is predicted, one for each target; fewer where nobody knows.
    public var targets: [Target] = []
    /// The names of the cells that `cells` has.
    public var columns: [String] = []
    /// The lines and the cells of rows as they stand in their file; nil where they cannot be had. Called on a queue of the
    /// engine's own, with places in the rows to train, to validate or to test with.
    public var cells: @Sendable (InspectedRows.Row.Use, [Int]) -> [Line]? = { _, _ in nil }

    /// A column that features are made of.
    public struct Input: Sendable, Equatable {
        /// Its name.
        public var name: String
        /// How many features it has.
        public var features: Int

        /// A column.
        public init(name: String, features: Int) {
            self.name = name
            self.features = features
        }
    }

    /// A row in its file.
    public struct Line: Sendable, Equatable {
        /// Its number, from 1.
        public var number: Int
        /// What stands in it, one for each of ``DataMeaning/columns``.
        public var cells: [String]
        /// What stands there of that which is predicted.
        public var targets: [String]

        /// A row.
        public init(number: Int, cells: [String], targets: [String]) {
            self.number = number
            self.cells = cells
            self.targets = targets
        }
    }

    /// Something that is predicted.
    public struct Target: Sendable, Equatable {
        /// Its name.
        public var name: String
        /// How it is written as numbers.
        public var coding: Coding

        /// How a target is written as numbers.
        public enum Coding: Sendable, Equatable {
            /// As a value: (value - center) / scale.
            case value(center: Double, scale: Double)
            /// As the place among these classes; the model has an output for each.
            case classes([String])
            /// As 0 for the first of two classes and 1 for the second; the model has one output.
            case twoClasses([String])
        }

        /// A target.
        public init(name: String, coding: Coding) {
            self.name = name
            self.coding = coding
        }
    }

    /// Nothing is known.
    public init() {}
}

extension DataMeaning {
    /// What is predicted, with a name for each target where nobody gave one.
    func targets(of job: TrainingShape) -> [Target] {
        if !targets.isEmpty { return targets }
        if job.areClasses {
            return [Target(name: "class", coding: .classes((0..<job.units).map { "\($0)" }))]
        }
        return (0..<job.targets).map { index in
            Target(
                name: job.targets == 1 ? "target" : "target \(index + 1)", coding: .value(center: 0, scale: 1))
        }
    }

    /// The features' names, or numbers in their place.
    func features(of job: TrainingShape) -> [String] {
        features.count == job.features ? features : (1...job.features).map { "x\($0)" }
    }
}

/// The numbers of a training's inputs and outputs.
struct TrainingShape: Sendable {
    /// Features in a row.
    let features: Int
    /// Targets in a row.
    let targets: Int
    /// Outputs of the model.
    let units: Int
    /// Whether targets are class numbers.
    let areClasses: Bool
}

extension DataMeaning.Target {
    /// What is true of a row: as it stands in the file, where that is known, for its number went through a Float.
    func cell(_ target: Float, inFile text: String?) -> InspectedRows.Cell {
        switch coding {
        case .value(let center, let scale):
            text.map { text in Double(text).map { .number($0) } ?? .text(text) }
                ?? .number(Double(target) * scale + center)
        case .classes(let names), .twoClasses(let names): Self.name(Int(exactly: target.rounded()), names)
        }
    }

    /// What is predicted of a row; for classes the one that the metrics take.
    ///
    /// - Parameter outputs: the model's outputs for this target: one, or one for each class.
    func cell(predicted outputs: some RandomAccessCollection<Float>) -> InspectedRows.Cell {
        guard let first = outputs.first else { return .text("") }
        switch coding {
        case .value(let center, let scale): return .number(Double(first) * scale + center)
        case .twoClasses(let names): return Self.name(first > 0.5 ? 1 : 0, names)
        case .classes(let names):
            var (best, greatest) = (0, first)
            for (index, output) in outputs.enumerated() where output > greatest { (best, greatest) = (index, output) }
            return Self.name(best, names)
        }
    }

    private static func name(_ index: Int?, _ names: [String]) -> InspectedRows.Cell {
        guard let index, names.indices.contains(index) else { return .text("?") }
        return .text(names[index])
    }
}
