/// Floats on the heap, aligned to a vector, zero at first.
///
/// A class because memory has identity. It is reached through one owner, on whatever thread that runs.
final class FloatBuffer {
    let base: UnsafeMutablePointer<Float>
    let count: Int

    init(count: Int) {
        self.count = padded(Swift.max(count, 1))
        let bytes = self.count * MemoryLayout<Float>.stride
        let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: lanes * MemoryLayout<Float>.stride)
        base = memory.bindMemory(to: Float.self, capacity: self.count)
        base.initialize(repeating: 0, count: self.count)
    }

    deinit { UnsafeMutableRawPointer(base).deallocate() }
}
