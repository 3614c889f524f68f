import CHeapCalls
import Foundation

/// The functions of the C library by which memory is taken from the heap, each with one call of it.
enum HeapFunction {
    // What was taken stays taken, and is remembered: a call whose result nobody wants may be left out by the compiler.
    nonisolated(unsafe) static var taken: UnsafeMutableRawPointer?

    nonisolated(unsafe) static let all: [(name: String, call: () -> Void)] =
        [
            ("malloc", { taken = malloc(100) }),
            ("calloc", { taken = calloc(10, 10) }),
            ("realloc", { taken = realloc(nil, 100) }),
            ("posix_memalign", { _ = posix_memalign(&taken, 64, 100) }),
            ("aligned_alloc", { taken = aligned_alloc(64, 128) }),
            ("valloc", { taken = valloc(100) }),
            // As Swift's own memory is taken, on a page: by posix_memalign.
            ("UnsafeMutableRawPointer.allocate", { taken = .allocate(byteCount: 100, alignment: 4096) }),
        ] + ofLinux

    #if os(Linux)
    nonisolated(unsafe) private static let ofLinux: [(name: String, call: () -> Void)] = [
        ("memalign", { taken = memalign(64, 100) })
    ]
    #else
    nonisolated(unsafe) private static let ofLinux: [(name: String, call: () -> Void)] = []
    #endif
}
