import CSHA256

/// The SHA-256 of bytes (FIPS 180-4), which come in pieces of any size.
///
///     var hash = SHA256()
///     hash.update(head)
///     hash.update(body)
///     print(hash.hexadecimal)
///
/// However the bytes are cut into pieces, the digest is the same. A copy goes on by itself.
package struct SHA256: Sendable {
    private var context = sha256_context()

    /// Whether this CPU has instructions of its own for SHA-256, which are then used. Asked once: a virtual machine may
    /// take long to answer.
    package static let hasInstructions = sha256_has_instructions() != 0

    /// Begins with no bytes.
    package init() { self.init(usingInstructions: Self.hasInstructions) }

    /// Begins with no bytes; `usingInstructions` is for CPUs that have them.
    package init(usingInstructions: Bool) {
        precondition(!usingInstructions || Self.hasInstructions, "this CPU has no instructions for SHA-256")
        sha256_init(&context, usingInstructions ? 1 : 0)
    }

    /// Begins with `bytes`.
    package init(_ bytes: UnsafeRawBufferPointer) {
        self.init()
        update(bytes)
    }

    /// Adds bytes behind those there are.
    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        sha256_update(&context, bytes.baseAddress, bytes.count)
    }

    /// The 32 bytes of the digest of all bytes so far. More may follow.
    package var digest: [UInt8] {
        var ended = context
        return [UInt8](unsafeUninitializedCapacity: 32) { digest, count in
            if let start = digest.baseAddress { sha256_final(&ended, start) }
            count = 32
        }
    }

    /// The digest as 64 digits, small letters among them.
    package var hexadecimal: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
