internal import CKernels

/// The vector arithmetic for this CPU.
///
/// `nonisolated(unsafe)`: the table is constant from the first use on, and its functions touch only what they are given.
nonisolated(unsafe) let kernels: ck_kernels = ck_kernels_for_this_cpu().pointee

/// The CPU level whose kernels are in use: "x86-64-v4", "x86-64-v3", "baseline" or "neon". All give the same bits.
public var kernelLevel: String { String(cString: kernels.level) }

/// Floats in a vector; widths are padded to it.
let lanes = Int(CK_LANES)

/// `count` rounded up to whole vectors.
func padded(_ count: Int) -> Int { (count + lanes - 1) / lanes * lanes }
