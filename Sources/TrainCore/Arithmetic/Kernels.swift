import CKernels

/// The vector arithmetic for this CPU.
@inline(__always)
var kernels: ck_kernels { ck_kernels_in_use().pointee }

/// `c = start + a · b`; see `multiply` of the kernels. Large products are shared among threads.
@inline(__always)
func multiply(
    _ rows: Int, _ columns: Int, _ depth: Int, _ a: UnsafePointer<Float>, _ aRow: Int, _ aDepth: Int,
    _ b: UnsafePointer<Float>, _ bDepth: Int, _ bColumn: Int, _ start: UnsafePointer<Float>?,
    _ c: UnsafeMutablePointer<Float>, _ cStride: Int
) {
    // Below about 30 microseconds of work, telling other threads about it costs more than it saves. Where rows or terms are
    // few, the time is memory's: what eight of them would take.
    guard max(rows, 8) * columns * max(depth, 8) >= 1 << 21 else {
        kernels.multiply(rows, columns, depth, a, aRow, aDepth, b, bDepth, bColumn, start, c, cStride)
        return
    }
    ck_multiply(ck_kernels_in_use(), rows, columns, depth, a, aRow, aDepth, b, bDepth, bColumn, start, c, cStride)
}

/// Floats from which on it pays to share what is done to each of them among threads.
let sharedFloats = 1 << 16

/// Threads that large work is shared among. How many there are changes no bit.
package var threadCount: Int { Int(ck_thread_count()) }

/// The CPU level whose kernels are in use: "x86-64-v4", "x86-64-v3", "baseline" or "neon". All give the same bits.
package var kernelLevel: String { String(cString: kernels.level) }

/// Floats in a vector; widths are padded to it.
let lanes = Int(CK_LANES)

/// `count` rounded up to whole vectors.
func padded(_ count: Int) -> Int { (count + lanes - 1) / lanes * lanes }
