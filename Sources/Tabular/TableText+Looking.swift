import Wording

// Looking a place up again, for messages.
extension TableText {
    /// An error about the line that a row of the table begins in. Walks through the rows before it.
    func fault(inRow row: Int, _ message: String) -> DataError {
        var seen = 0
        let windows = RowWindows(self)
        do {
            while let window = try windows.next() {
                let reader = window.reader
                var position = 0
                while position < reader.count {
                    if let skipped = Self.lineEnd(reader.base, reader.count, at: position) {
                        position += skipped
                        continue
                    }
                    if seen == row { return bytes.fault(at: reader.origin + position, message) }
                    seen += 1
                    position = try reader.rowEnd(from: position)
                }
            }
        } catch let error as DataError {
            return error
        } catch {
            // Every row was read before without a fault, so the file is another one now.
        }
        return DataError(.badData, "\(bytes.name): was changed by another program while it was read")
    }

    /// The beginning of the cell at `position`, safe to print, and its line.
    func cell(at position: Int) throws(DataError) -> (text: String, line: Int) {
        let count = min(bytes.count - position, 4096)
        let buffer = UnsafeMutablePointer<UInt8>.allocate(capacity: max(1, count))
        defer { buffer.deallocate() }
        let line: Int
        do throws(TableBytes.ReadFault) {
            try bytes.read(at: position, count: count, into: buffer)
            line = try bytes.line(at: position)
        } catch {
            throw bytes.described(error)
        }
        let reader = CellReader(base: buffer, count: count, delimiter: delimiter, origin: position)
        let cell: Cell
        do throws(CellReader.Fault) {
            cell = try reader.cell(at: 0)
        } catch {
            // A quoted cell that goes on beyond what was read.
            cell = Cell(text: 1..<count, end: count)
        }
        return (visible(reader.string(cell, isQuoted: cell.text.lowerBound > 0), limit: 40), line)
    }
}
