import CKernels

/// Runs `body` with denormal numbers taken as zero on this thread, and puts back what was in force.
///
/// Weights that decay towards zero become denormal, and arithmetic on those costs a hundred times as much.
@inline(__always)
func withDenormalsFlushed<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
    let found = ck_denormals_flush()
    defer { ck_denormals_restore(found) }
    return try body()
}
