import FileAccess
import Foundation
import Tabular
import Wording

extension LoggedRun {
    /// A run as Keras's `CSVLogger` tells it: a row an epoch, `epoch` counted from 0, and a column for each number.
    ///
    /// Cells that are empty or `NA` are none; a column in which there are only other texts, such as lists, is left out.
    init(csv path: String) throws(Failure) {
        let table: TextTable
        do throws(DataError) { table = try TextTable(path: path) } catch { throw Failure(error) }
        guard let epochColumn = table.columns.firstIndex(of: "epoch") else {
            throw Failure(
                .badData, "\(visible(path)): has no column 'epoch'; expected a log of Keras's CSVLogger")
        }
        guard table.rows > 0 else { throw Failure(.badData, "\(visible(path)): has no rows") }
        var epochs: [Int] = []
        for row in 0..<table.rows {
            let text = table.text(row, epochColumn)
            guard let number = Double(text), (0...1e9).contains(number), number == number.rounded() else {
                throw Failure(
                    .badData,
                    "\(visible(path)): row \(row + 1), column 'epoch': expected a whole number from 0 on, not "
                        + "'\(visible(text, limit: 40))'")
            }
            epochs.append(Int(number))
        }
        var all: [(name: LoggedName, series: LoggedSeries)] = []
        for (column, name) in table.columns.enumerated() where column != epochColumn {
            var (series, fault) = (LoggedSeries(), Int?.none)
            for row in 0..<table.rows {
                let text = table.text(row, column)
                if let number = Double(text) {
                    series.append(number, at: epochs[row])
                } else if !text.isEmpty, text.uppercased() != "NA" {
                    fault = fault ?? row
                }
            }
            if let fault, !series.points.isEmpty {
                throw Failure(
                    .badData,
                    "\(visible(path)): row \(fault + 1), column '\(visible(name, limit: 40))': expected a number, not "
                        + "'\(visible(table.text(fault, column), limit: 40))'")
            }
            var logged = LoggedName(name)
            logged.count = .epochs
            all.append((logged, series))
        }
        let place = URL(filePath: path).standardizedFileURL
        self.init(
            name: place.deletingPathExtension().lastPathComponent, source: place.path(percentEncoded: false), all)
    }
}
