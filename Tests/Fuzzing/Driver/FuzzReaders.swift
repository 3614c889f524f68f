import CLibFuzzer
import Foundation
import FuzzedReaders

/// Gives one reader of foreign bytes whatever libFuzzer thinks of: `FuzzReaders --reader=toml [libFuzzer's options]`.
///
/// A reader may accept or refuse. What it may not do is end the program, touch memory that is not its own, take more time
/// or memory than the options allow, or break one of the promises that its ``Reader`` checks; those end the program.
@main struct FuzzReaders {
    static func main() {
        let name = CommandLine.arguments.lazy.filter { $0.hasPrefix("--reader=") }.map { $0.dropFirst(9) }.first
        guard let name, let reader = Reader.all.first(where: { $0.name == name }) else {
            let names = Reader.all.map(\.name).joined(separator: ", ")
            FileHandle.standardError.write(Data("expected --reader=NAME; there are \(names)\n".utf8))
            exit(64)
        }
        attack = Attack(reader)
        atexit { attack.report() }
        var count = CommandLine.argc
        var arguments = CommandLine.unsafeArgv
        exit(
            LLVMFuzzerRunDriver(&count, &arguments) { start, count in
                attack.take(UnsafeRawBufferPointer(start: start, count: count))
                return 0
            })
    }
}

/// libFuzzer calls a function that takes nothing but bytes. It has one thread.
nonisolated(unsafe) private var attack = Attack(Reader.all[0])

/// One reader, and how it has stood so far.
private struct Attack {
    let reader: Reader
    private var (read, refused) = (0, 0)
    private var slowest = Duration.zero

    init(_ reader: Reader) { self.reader = reader }

    mutating func take(_ bytes: UnsafeRawBufferPointer) {
        let start = ContinuousClock.now
        if reader.read([UInt8](bytes)) { read += 1 } else { refused += 1 }
        slowest = max(slowest, ContinuousClock.now - start)
    }

    /// A line for `run` to read.
    func report() {
        let line = "reader: read \(read) refused \(refused) slowest_us \(Int(slowest / .microseconds(1)))\n"
        FileHandle.standardError.write(Data(line.utf8))
    }
}
