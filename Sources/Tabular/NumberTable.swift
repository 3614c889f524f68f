import Dispatch
import Foundation

/// A table's used columns as numbers, row by row, and what was seen in each of them.
///
/// The rows are read window by window, the pieces of a window on all cores, and put together in file order, so the
/// outcome does not depend on who reads what. Each window's numbers are a block of their own, to be let go of one by one
/// when they have become data sets: a large table is never there twice.
struct NumberTable {
    /// The numbers, in file order.
    private var blocks: [NumberBlock] = []
    /// Rows.
    private(set) var rows = 0
    /// Numbers in a row, one for each slot.
    let width: Int
    /// What was seen, one for each slot.
    private(set) var tallies: [ColumnTally]

    /// Reads the columns that have a slot.
    init(
        _ windows: RowWindows, slots: [Int32], width: Int, progress: ((ReadingProgress) -> Void)?
    ) throws(DataError) {
        let text = windows.text
        self.width = width
        tallies = Array(repeating: ColumnTally(), count: width)
        while let window = try windows.next() {
            guard let block = NumberBlock(capacity: window.rowLimit * width) else {
                throw DataError(.badData, "\(text.bytes.name): there is not enough memory for its numbers")
            }
            let outcomes = Self.read(window, columns: text.columns.count, slots: slots, width: width, into: block)
            for case let fault? in outcomes.map(\.fault) {
                throw fault.described(in: text.bytes, columns: text.columns.count)
            }
            block.rows = Self.closeGaps(in: block, window, outcomes, width: width)
            rows += block.rows
            blocks.append(block)
            for outcome in outcomes {
                for slot in 0..<width { tallies[slot].add(outcome.tallies[slot]) }
            }
            progress?(
                ReadingProgress(bytes: window.reader.origin + window.reader.count, total: text.bytes.count))
        }
    }

    /// Calls `body` with each row's number and its numbers, in order.
    func eachRow(_ body: (Int, UnsafePointer<Float>) throws(DataError) -> Void) throws(DataError) {
        var row = 0
        for block in blocks {
            for index in 0..<block.rows {
                try body(row, block.base + index * width)
                row += 1
            }
        }
    }

    /// Calls `body` with each row's number and its numbers to change, in order.
    mutating func updateRows(
        _ body: (Int, UnsafeMutablePointer<Float>) throws(DataError) -> Void
    ) throws(DataError) {
        try eachRow { row, numbers throws(DataError) in try body(row, UnsafeMutablePointer(mutating: numbers)) }
    }

    /// Calls `body` with each row's number and its numbers, in order, and forgets them: no row is left.
    mutating func takeRows(_ body: (Int, UnsafePointer<Float>) -> Void) {
        var row = 0
        blocks.reverse()
        while let block = blocks.popLast() {
            for index in 0..<block.rows {
                body(row, block.base + index * width)
                row += 1
            }
        }
        rows = 0
    }

    /// What became of a piece.
    private struct Outcome {
        var rows = 0
        var tallies: [ColumnTally] = []
        var fault: RowParser.Fault?
    }

    private static func read(
        _ window: RowWindow, columns: Int, slots: [Int32], width: Int, into block: NumberBlock
    ) -> [Outcome] {
        var outcomes = [Outcome](repeating: Outcome(), count: window.pieces.count)
        outcomes.withUnsafeMutableBufferPointer { outcomes in
            slots.withUnsafeBufferPointer { slots in
                // Each piece's rows and outcome are written by one thread only, all else is only read.
                nonisolated(unsafe) let (window, output, outcomes) = (window, block.base, outcomes)
                nonisolated(unsafe) let parser = RowParser(
                    reader: window.reader, columns: columns, slots: slots.baseAddress!, width: width)
                DispatchQueue.concurrentPerform(iterations: window.pieces.count) { index in
                    let piece = window.pieces[index]
                    outcomes[index] = read(piece, window.kinds, parser, into: output + piece.firstRow * width)
                }
            }
        }
        return outcomes
    }

    private static func read(
        _ piece: RowWindow.Piece, _ kinds: ByteKinds, _ parser: RowParser, into output: UnsafeMutablePointer<Float>
    ) -> Outcome {
        var outcome = Outcome(tallies: Array(repeating: ColumnTally(), count: parser.width))
        let start = piece.bytes.lowerBound
        if let fault = kinds.firstFault(
            in: parser.reader.base + start, count: piece.bytes.count, origin: parser.reader.origin + start)
        {
            outcome.fault = .text(fault)
            return outcome
        }
        outcome.tallies.withUnsafeMutableBufferPointer { tallies in
            do throws(RowParser.Fault) {
                outcome.rows = try parser.parse(
                    from: start, until: piece.bytes.upperBound, into: output, tallies: tallies.baseAddress!)
            } catch {
                outcome.fault = error
            }
        }
        return outcome
    }

    /// Pieces have room for blank lines too: moves the rows together. Returns how many there are.
    private static func closeGaps(
        in block: NumberBlock, _ window: RowWindow, _ outcomes: [Outcome], width: Int
    ) -> Int {
        var row = 0
        for (piece, outcome) in zip(window.pieces, outcomes) {
            if piece.firstRow != row {
                (block.base + row * width).update(
                    from: block.base + piece.firstRow * width, count: outcome.rows * width)
            }
            row += outcome.rows
        }
        return row
    }
}

/// A window's numbers. A class, because it owns their memory: pages of its own, which go back to the system at once when
/// the block is let go of, where those of the heap might stay.
private final class NumberBlock {
    let base: UnsafeMutablePointer<Float>
    /// Rows that are there.
    var rows = 0
    private let size: Int

    /// No rows yet; nil where there is no memory for so many numbers.
    init?(capacity: Int) {
        size = max(1, capacity) * MemoryLayout<Float>.stride
        guard let pages = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
            pages != MAP_FAILED
        else { return nil }
        base = pages.bindMemory(to: Float.self, capacity: capacity)
    }

    deinit { munmap(base, size) }
}
