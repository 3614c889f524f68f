import Wording

/// A reader of foreign bytes, as the program calls it, and what must be so of whatever it says.
package struct Reader: Sendable {
    /// Its name on the command line.
    package let name: String
    /// Reads, and checks what can be checked. Returns whether the bytes were accepted.
    package let read: @Sendable (_ bytes: [UInt8]) -> Bool

    /// All of them.
    package static let all: [Reader] = [
        .toml, .job, .theme, .table, .roles, .space, .safetensors, .journal, .outside, .events, .told, .asked,
    ]
}

/// Ends the program where a promise is broken; libFuzzer keeps the input.
func promise(_ isKept: Bool, _ promise: @autoclosure () -> String) {
    if !isKept { fatalError("BROKEN PROMISE: \(promise())") }
}

/// An error is one line that is safe to print, and no longer than a person reads.
func checkMessage(_ message: String) {
    promise(!message.isEmpty, "an error says something")
    promise(message.unicodeScalars.allSatisfy(\.isVisible), "an error is one line that moves no cursor: \(message)")
    promise(
        message.unicodeScalars.count <= 4000, "an error of \(message.utf8.count) bytes can be read")
}
