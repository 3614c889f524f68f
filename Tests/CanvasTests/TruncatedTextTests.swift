import Testing

@testable import Canvas

@Suite("Text that is cut")
struct TruncatedTextTests {
    @Test(
        "What is too long ends in an ellipsis, right before which no number stands",
        arguments: [
            ("short", 5, "short"), ("learning rate", 9, "learning…"), ("at step 821", 10, "at step …"),
            ("at step 821", 11, "at step 821"), ("loss 1,234.5678 now", 12, "loss …"), ("12345", 3, "…"),
            ("step 82 of 90", 8, "step …"), ("step 82 of 90", 9, "step 82 …"), ("日本語", 4, "日…"), ("any", 0, ""),
        ])
    func cut(text: String, columns: Int, expected: String) {
        #expect(SafeText(text).truncated(to: columns).description == expected)
    }
}
