import Testing

/// A message whose digest NIST gives: "SHA-256 examples" and the "additional examples" for SHA-2 in its Cryptographic
/// Standards and Guidelines, and FIPS 180-2, appendix B.
struct StandardExample: Sendable, CustomTestStringConvertible {
    let text: String
    /// How often the text stands in the message.
    let times: Int
    let digest: String

    init(_ text: String, times: Int = 1, _ digest: String) {
        (self.text, self.times, self.digest) = (text, times, digest)
    }

    var testDescription: String { "\(times) x \"\(text.prefix(8))\", \(times * text.utf8.count) bytes" }

    static let abc = StandardExample("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")

    static let all = [
        StandardExample("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        abc,
        // 448 bits: the length no longer fits behind the message.
        StandardExample(
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"),
        // 896 bits.
        StandardExample(
            "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
            "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"),
        StandardExample(
            "a", times: 1_000_000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
    ]
}
