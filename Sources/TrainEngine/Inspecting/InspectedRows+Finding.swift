import TrainCore
import TrainProtocol

extension InspectedRows {
    /// Rows of a data set, and what the model makes of them.
    struct Part {
        let use: Row.Use
        let data: Dataset
        let found: RowLosses
    }

    /// The rows of all parts, the greatest loss first; a loss that is no number is the greatest there is.
    init(_ parts: [Part], penalty: Double, shape: TrainingShape, meaning: DataMeaning) {
        var places: [(part: Int, place: Int, loss: Double)] = []
        for (index, part) in parts.enumerated() {
            for (place, loss) in part.found.losses.enumerated() { places.append((index, place, Double(loss))) }
        }
        let sum = places.reduce(0) { $0 + $1.loss }
        func weight(_ loss: Double) -> Double { loss.isNaN ? .infinity : loss }
        let first = places.sorted { weight($0.loss) > weight($1.loss) }.prefix(Self.limit)
        let targets = meaning.targets(of: shape)
        var lines: [Int: DataMeaning.Line] = [:]
        for (index, part) in parts.enumerated() {
            let own = first.indices.filter { first[$0].part == index }
            let rows = own.map { part.found.rows[first[$0].place] }
            for (row, line) in zip(own, meaning.cells(part.use, rows) ?? []) { lines[row] = line }
        }
        let areCells = lines.count == first.count && !meaning.columns.isEmpty
        self.init(
            count: places.count, loss: sum / Double(max(1, places.count)), penalty: penalty,
            columns: areCells ? meaning.columns : meaning.features(of: shape), targets: targets.map(\.name),
            rows: first.indices.map { index in
                let (part, place, loss) = (parts[first[index].part], first[index].place, first[index].loss)
                let row = part.found.rows[place]
                let x = part.data.x[row * shape.features..<(row + 1) * shape.features]
                let outputs = part.found.outputs[place * shape.units..<(place + 1) * shape.units]
                return Row(
                    use: part.use, number: areCells ? lines[index]?.number ?? row + 1 : row + 1,
                    cells: areCells ? lines[index]?.cells.map { .text($0) } ?? [] : x.map { .number(Double($0)) },
                    targets: targets.enumerated().map { place, target in
                        target.cell(
                            part.data.y[row * shape.targets + place],
                            inFile: areCells ? lines[index]?.targets.dropFirst(place).first : nil)
                    },
                    predictions: targets.enumerated().map { index, target in
                        target.cell(predicted: shape.areClasses ? outputs : outputs.dropFirst(index).prefix(1))
                    },
                    loss: loss, share: sum > 0 && sum.isFinite ? loss / sum : nil)
            })
    }
}
