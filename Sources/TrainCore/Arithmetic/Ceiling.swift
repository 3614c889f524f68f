import CKernels

/// Does at least `count` fused multiply-adds of floats in registers alone, and returns how many: the most that this
/// CPU's vectors can do, for benchmarks to compare with.
package func fusedMultiplyAdds(_ count: Int) -> Int {
    // A round has one vector of them at least.
    var done = 0
    // The sum is looked at, so that it must be computed.
    precondition(kernels.multiply_adds(count / lanes + 1, &done).isFinite)
    return done
}
