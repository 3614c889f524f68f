/// Floats on the heap, zero at first. They begin on a page, so that where they lie within one, on which some per cent of
/// speed depend, is the same in every run.
///
/// A class because memory has identity. It is reached through one owner, on whatever thread that runs.
final class FloatBuffer {
    let base: UnsafeMutablePointer<Float>
    let count: Int

    init(count: Int) {
        self.count = padded(Swift.max(count, 1))
        let bytes = self.count * MemoryLayout<Float>.stride
        let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 4096)
        base = memory.bindMemory(to: Float.self, capacity: self.count)
        base.initialize(repeating: 0, count: self.count)
    }

    deinit { UnsafeMutableRawPointer(base).deallocate() }
}
