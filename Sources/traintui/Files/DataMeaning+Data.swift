import Tabular
import TrainEngine
import TrainProtocol

extension DataMeaning {
    /// What a table's data sets mean. Rows are shown with the columns that features are made of first, those that are left
    /// out behind them, and without the targets, which are shown beside.
    init(_ data: PreparedData) {
        self.init()
        features = data.featureNames
        inputs = data.featureSpace.columns.map { Input(name: $0.name, features: $0.featureCount) }
        targets = data.featureSpace.targets.map { target in
            let coding: Target.Coding =
                switch target.coding {
                case .value(let center, let scale, _): .value(center: center, scale: scale)
                case .classes(let names): .classes(names)
                case .twoClasses(let names): .twoClasses(names)
                }
            return Target(name: target.name, coding: coding)
        }
        let origin = data.origin
        let used = Set(data.featureSpace.columns.flatMap(\.sources))
        let shown = origin.columns.indices.filter { !data.targetNames.contains(origin.columns[$0]) }
        let order =
            shown.filter { used.contains(origin.columns[$0]) } + shown.filter { !used.contains(origin.columns[$0]) }
        let targetColumns = data.targetNames.compactMap { origin.columns.firstIndex(of: $0) }
        columns = order.map { origin.columns[$0] }
        cells = { use, rows in
            do throws(DataError) {
                return try origin.lines(of: rows, in: RowOrigin.Use(use)).map { line in
                    func cells(_ columns: [Int]) -> [String] {
                        columns.map { line.cells.indices.contains($0) ? line.cells[$0] : "" }
                    }
                    return Line(number: line.number, cells: cells(order), targets: cells(targetColumns))
                }
            } catch {
                // The file is another one by now: rows are shown as the model sees them.
                return nil
            }
        }
    }
}

extension RowOrigin.Use {
    fileprivate init(_ use: InspectedRows.Row.Use) {
        switch use {
        case .training: self = .training
        case .validation: self = .validation
        case .test: self = .test
        }
    }
}
