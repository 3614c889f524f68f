import Dispatch
import Foundation
import Synchronization
import TrainCore

/// What this machine can do at best, measured in the same run as what is compared with it.
struct Ceiling: Encodable {
    /// 1e9 fused multiply-adds times two a second on one core, on registers alone.
    let gigaflops: Double
    /// The same on all threads at once.
    let gigaflopsOfAll: Double
    /// 1e9 bytes a second copied from memory to memory.
    let copyGigabytes: Double
    /// "x86-64-v4", "x86-64-v3", "baseline" or "neon".
    let kernels: String
    /// Threads that large work is shared among.
    let threads: Int

    init(rounds: Int) {
        let threads = threadCount
        gigaflops = Self.gigaflops(onThreads: 1, rounds: rounds)
        gigaflopsOfAll = Self.gigaflops(onThreads: threads, rounds: rounds)
        let size = 64 << 20
        let (from, to) = (Data(count: size), NSMutableData(length: size))
        let copies = Rounds.perSecond(rounds: rounds, seconds: 0.02) { count in
            for _ in 0..<count {
                from.withUnsafeBytes { bytes in
                    if let source = bytes.baseAddress {
                        to?.replaceBytes(in: NSRange(location: 0, length: size), withBytes: source)
                    }
                }
            }
            return count
        }
        copyGigabytes = copies.median * Double(size) / 1e9
        kernels = kernelLevel
        self.threads = threads
    }

    /// What so many threads do at once, together.
    private static func gigaflops(onThreads threads: Int, rounds: Int) -> Double {
        let multiplyAdds = Rounds.perSecond(rounds: rounds, seconds: 0.02) { count in
            // The kernel does whole tiles, so a thread may do more than was asked.
            let done = Mutex(0)
            DispatchQueue.concurrentPerform(iterations: threads) { _ in
                let own = fusedMultiplyAdds(count)
                done.withLock { $0 += own }
            }
            return done.withLock { $0 }
        }
        return multiplyAdds.median * 2 / 1e9
    }
}
