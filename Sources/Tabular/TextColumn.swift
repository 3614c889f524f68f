/// A column's cells as texts: the different ones, and for each row which it is.
struct TextColumn {
    /// The different texts, in the order in which they came.
    private(set) var texts: [String] = []
    /// How many rows have each.
    private(set) var counts: [Int] = []
    /// For each row the place of its text.
    private(set) var codes: [Int32] = []
    /// How many of the texts are neither blank nor a word for nothing.
    let values: Int

    /// A few hundred of the texts, from all over: where none of them is of a kind, nearly all cannot be.
    var some: [String] { stride(from: 0, to: texts.count, by: max(1, texts.count / 300)).map { texts[$0] } }

    /// The rows that have a text for which `condition` holds, all together.
    func rows(where condition: (String) -> Bool) -> Int {
        zip(texts, counts).reduce(0) { condition($1.0) ? $0 + $1.1 : $0 }
    }

    /// Reads columns of a table, all of them in one go. The table's bytes were read before: what is no text was found.
    ///
    /// - Parameters:
    ///   - columns: places in a row, in ascending order.
    ///   - trims: whether blanks around a quoted text are left out too.
    ///   - mostValues: a column that has more different texts, gaps not among them, ends the reading soon, before all rows
    ///     have a text.
    static func read(
        _ text: TableText, columns: [Int], trims: Bool, mostValues: Int = .max
    ) throws(DataError) -> [TextColumn] {
        guard !columns.isEmpty else { return [] }
        var readers = columns.map { _ in TextNumbers() }
        let windows = RowWindows(text)
        while !readers.contains(where: { $0.values > mostValues }), let window = try windows.next() {
            do throws(CellReader.Fault) {
                try read(window.reader, columns, trims, into: &readers)
            } catch {
                throw error.described(in: text.bytes)
            }
        }
        try text.bytes.checkUnchanged()
        return readers.map { TextColumn(texts: $0.texts, counts: $0.counts, codes: $0.codes, values: $0.values) }
    }

    private static func read(
        _ reader: CellReader, _ columns: [Int], _ trims: Bool, into readers: inout [TextNumbers]
    ) throws(CellReader.Fault) {
        var position = 0
        while position < reader.count {
            if let skipped = TableText.lineEnd(reader.base, reader.count, at: position) {
                position += skipped
                continue
            }
            var column = 0
            for index in columns.indices {
                while column < columns[index] {
                    position = try reader.cell(at: position).end + 1
                    column += 1
                }
                let cell = try reader.cell(at: position)
                let isQuoted = cell.text.lowerBound > position
                readers[index].add(cell, reader, trims: trims || !isQuoted)
                column += 1
                if index + 1 < columns.count {
                    position = cell.end + 1
                } else {
                    position = try reader.rowEnd(afterCell: cell)
                }
            }
        }
    }
}

/// Numbers texts in the order in which they come.
///
/// The bytes of all different texts lie one behind the other, and a table of their numbers is looked up by their hash,
/// which nobody outside can know: a table that was made for it cannot make all of them meet.
private struct TextNumbers {
    private(set) var counts: [Int] = []
    private(set) var codes: [Int32] = []
    /// Texts that are neither blank nor a word for nothing.
    private(set) var values = 0
    private var bytes: [UInt8] = []
    /// Where each text ends.
    private var ends: [Int] = []
    private var hashes: [Int] = []
    /// Numbers of texts, -1 where there is none; a power of two of them, at most half of them in use.
    private var slots = [Int32](repeating: -1, count: 64)

    var texts: [String] {
        ends.indices.map { String(decoding: bytes[start(of: $0)..<ends[$0]], as: UTF8.self) }
    }

    mutating func add(_ cell: TableText.Cell, _ reader: CellReader, trims: Bool) {
        if cell.hasDoubledQuotes {
            var text = Array(reader.string(cell, isQuoted: true).utf8)
            text.withUnsafeMutableBufferPointer { add($0.baseAddress!, 0..<$0.count, trims: trims) }
        } else {
            add(reader.base, cell.text, trims: trims)
        }
    }

    private mutating func add(_ base: UnsafePointer<UInt8>, _ range: Range<Int>, trims: Bool) {
        var (start, end) = (range.lowerBound, range.upperBound)
        if trims {
            while start < end, base[start] == 0x20 || base[start] == 0x09 { start += 1 }
            while start < end, base[end - 1] == 0x20 || base[end - 1] == 0x09 { end -= 1 }
        }
        let text = UnsafeRawBufferPointer(start: base + start, count: end - start)
        // Neighbouring rows are often alike.
        if let last = codes.last, isEqual(text, Int(last)) {
            counts[Int(last)] += 1
            codes.append(last)
            return
        }
        var hasher = Hasher()
        hasher.combine(bytes: text)
        let hash = hasher.finalize()
        var place = hash & (slots.count - 1)
        while slots[place] >= 0 {
            let number = Int(slots[place])
            if hashes[number] == hash, isEqual(text, number) {
                counts[number] += 1
                codes.append(Int32(number))
                return
            }
            place = (place + 1) & (slots.count - 1)
        }
        if !DecimalText.isMissing(base, start..<end) { values += 1 }
        slots[place] = Int32(ends.count)
        codes.append(Int32(ends.count))
        bytes.append(contentsOf: text)
        ends.append(bytes.count)
        hashes.append(hash)
        counts.append(1)
        if ends.count * 2 > slots.count { grow() }
    }

    private func start(of number: Int) -> Int { number == 0 ? 0 : ends[number - 1] }

    private func isEqual(_ text: UnsafeRawBufferPointer, _ number: Int) -> Bool {
        let start = start(of: number)
        guard ends[number] - start == text.count else { return false }
        return bytes.withUnsafeBytes { $0[start..<ends[number]].elementsEqual(text) }
    }

    private mutating func grow() {
        slots = Array(repeating: -1, count: slots.count * 2)
        for (number, hash) in hashes.enumerated() {
            var place = hash & (slots.count - 1)
            while slots[place] >= 0 { place = (place + 1) & (slots.count - 1) }
            slots[place] = Int32(number)
        }
    }
}
