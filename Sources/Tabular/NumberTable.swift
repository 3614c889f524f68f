import Dispatch
import Wording

/// A table's used columns as numbers, row by row, and what was seen in each of them.
///
/// The bytes are cut into pieces of a mebibyte, and the pieces are read on all cores. A row belongs to the piece that
/// it begins in, and pieces are put together in file order, so the outcome does not depend on who reads what.
struct NumberTable {
    /// The numbers, rows x `width`; NaN for what is no number.
    var cells: [Float]
    /// Rows.
    let rows: Int
    /// Numbers in a row, one for each slot.
    let width: Int
    /// What was seen, one for each slot.
    let tallies: [ColumnTally]

    /// Bytes in a piece.
    static let pieceSize = 1 << 20

    /// Looks over all bytes; throws where they are not UTF-8 text.
    static func survey(_ bytes: TableBytes) throws(DataError) -> (whole: ByteSurvey, pieces: [ByteSurvey]) {
        let pieceCount = (bytes.count + pieceSize - 1) / pieceSize
        // Each piece is read and written by one thread only.
        nonisolated(unsafe) let base = bytes.base
        let count = bytes.count
        let pieces = [ByteSurvey](unsafeUninitializedCapacity: pieceCount) { buffer, initialized in
            nonisolated(unsafe) let surveys = buffer
            DispatchQueue.concurrentPerform(iterations: pieceCount) { piece in
                let start = piece * pieceSize
                (surveys.baseAddress! + piece).initialize(
                    to: ByteSurvey(base + start, count: min(pieceSize, count - start)))
            }
            initialized = pieceCount
        }
        let whole = pieces.reduce(ByteSurvey()) { $0.joined(with: $1) }
        if whole.hasZeros, let zero = (0..<count).first(where: { base[$0] == 0 }) {
            throw DataError(
                .badData, "\(bytes.name):\(bytes.line(at: zero)): a zero byte; expected a CSV file, which is text")
        }
        if whole.hasNonASCII, let bad = ByteSurvey.firstInvalidUTF8(base, count: count) {
            throw DataError(
                .badData, "\(bytes.name):\(bytes.line(at: bad)): not UTF-8; expected a CSV file in UTF-8")
        }
        return (whole, pieces)
    }

    /// Reads the columns that have a slot.
    init(
        _ text: TableText, pieces: [ByteSurvey], slots: [Int32], width: Int, progress: ((Double) -> Void)?
    ) throws(DataError) {
        let layout = try PieceLayout(text, pieces: pieces)
        var outcomes = [Outcome](repeating: Outcome(tallies: []), count: layout.starts.count)
        let capacity = layout.firstRows.last! * width
        let powers = DecimalText.powers
        let table = [Float](unsafeUninitializedCapacity: capacity) { output, initialized in
            powers.withUnsafeBufferPointer { powers in
                slots.withUnsafeBufferPointer { slots in
                    Self.read(
                        text, layout,
                        RowParser(
                            reader: text.reader, columns: text.columns.count, slots: slots.baseAddress!, width: width,
                            powers: powers.baseAddress!),
                        into: output, outcomes: &outcomes, progress: progress)
                }
            }
            initialized = Self.closeGaps(in: output, layout, outcomes, width: width)
        }
        for outcome in outcomes {
            if let fault = outcome.fault { throw fault.described(in: text) }
        }
        cells = table
        rows = outcomes.reduce(0) { $0 + $1.rows }
        self.width = width
        var total = [ColumnTally](repeating: ColumnTally(), count: width)
        for outcome in outcomes {
            for slot in 0..<width { total[slot].add(outcome.tallies[slot]) }
        }
        tallies = total
    }

    /// What became of a piece.
    private struct Outcome: Sendable {
        var rows = 0
        var tallies: [ColumnTally]
        var fault: RowParser.Fault?
    }

    private static func read(
        _ text: TableText, _ layout: PieceLayout, _ parser: RowParser, into output: UnsafeMutableBufferPointer<Float>,
        outcomes: inout [Outcome], progress: ((Double) -> Void)?
    ) {
        let pieceCount = layout.starts.count
        outcomes.withUnsafeMutableBufferPointer { buffer in
            // Each piece's rows and outcome are written by one thread only, and everything else is only read.
            nonisolated(unsafe) let outcomes = buffer
            nonisolated(unsafe) let output = output
            nonisolated(unsafe) let parser = parser
            // Progress is told between waves, on the caller's own thread.
            let wave = 32
            for first in stride(from: 0, to: pieceCount, by: wave) {
                DispatchQueue.concurrentPerform(iterations: min(wave, pieceCount - first)) { index in
                    let piece = first + index
                    var outcome = Outcome(tallies: Array(repeating: ColumnTally(), count: parser.width))
                    let limit = min((piece + 1) * pieceSize, parser.reader.count)
                    if layout.starts[piece] < limit {
                        outcome.tallies.withUnsafeMutableBufferPointer { tallies in
                            do throws(RowParser.Fault) {
                                outcome.rows = try parser.parse(
                                    from: layout.starts[piece], until: limit,
                                    into: output.baseAddress! + layout.firstRows[piece] * parser.width,
                                    tallies: tallies.baseAddress!)
                            } catch {
                                outcome.fault = error
                            }
                        }
                    }
                    outcomes[piece] = outcome
                }
                progress?(Double(min(first + wave, pieceCount)) / Double(pieceCount))
            }
        }
    }

    /// Pieces have room for blank lines too: moves the rows together. Returns how many numbers there are.
    private static func closeGaps(
        in output: UnsafeMutableBufferPointer<Float>, _ layout: PieceLayout, _ outcomes: [Outcome], width: Int
    ) -> Int {
        var row = 0
        for (piece, outcome) in outcomes.enumerated() {
            if layout.firstRows[piece] != row, outcome.rows > 0 {
                let start = output.baseAddress!
                (start + row * width).update(
                    from: start + layout.firstRows[piece] * width, count: outcome.rows * width)
            }
            row += outcome.rows
        }
        return row * width
    }
}

/// Where each piece's first row begins, in the bytes and in the table.
private struct PieceLayout {
    /// For each piece, where its first row begins; at or beyond the piece's end where none does.
    var starts: [Int] = []
    /// For each piece, the number of rows before it, blank lines counted as rows; then that of all.
    var firstRows: [Int] = [0]

    init(_ text: TableText, pieces: [ByteSurvey]) throws(DataError) {
        let (base, count) = (text.bytes.base, text.bytes.count)
        let size = NumberTable.pieceSize
        if text.hasQuotes {
            try readQuotedRows(text, pieceCount: pieces.count)
            return
        }
        for piece in pieces.indices {
            let (pieceStart, pieceEnd) = (piece * size, min((piece + 1) * size, count))
            guard pieceEnd > text.body else {
                append(pieceEnd, firstRows[piece])
                continue
            }
            var start = max(pieceStart, text.body)
            // A row begins at the body and after every line end but the piece's last byte.
            var rows = pieces[piece].lines - (base[pieceEnd - 1] == 0x0A ? 1 : 0)
            if pieceStart <= text.body {
                rows += 1 - ByteSurvey(base + pieceStart, count: text.body - pieceStart).lines
            } else {
                start -= 1
                if base[start] == 0x0A { rows += 1 }
                while start < count, base[start] != 0x0A { start += 1 }
                start += 1
            }
            append(start, firstRows[piece] + rows)
        }
    }

    /// Line ends inside quotes end no row, so where there are quotes rows are walked through one by one.
    private mutating func readQuotedRows(_ text: TableText, pieceCount: Int) throws(DataError) {
        let reader = text.reader
        var position = text.body
        var rows = 0
        while position < reader.count {
            // The first piece's start stands before its rows; a later piece's closes the count of the one before.
            while starts.count < pieceCount, starts.count * NumberTable.pieceSize <= position { begin(position, rows) }
            rows += 1
            position = try reader.rowEnd(from: position, in: text.bytes)
        }
        while starts.count < pieceCount { begin(reader.count, rows) }
        firstRows.append(rows)
    }

    private mutating func begin(_ start: Int, _ rowsBefore: Int) {
        if !starts.isEmpty { firstRows.append(rowsBefore) }
        starts.append(start)
    }

    private mutating func append(_ start: Int, _ rowsSoFar: Int) {
        starts.append(start)
        firstRows.append(rowsSoFar)
    }
}

extension RowParser.Fault {
    fileprivate func described(in text: TableText) -> DataError {
        switch self {
        case .quotes(let fault):
            return fault.described(in: text.bytes)
        case .ragged(let position, let cells):
            let line = text.bytes.line(at: position)
            return DataError(
                .badData,
                "\(text.bytes.name):\(line): \(cells) \(cells == 1 ? "cell" : "cells"), but the header names "
                    + "\(text.columns.count) \(text.columns.count == 1 ? "column" : "columns")")
        }
    }
}
