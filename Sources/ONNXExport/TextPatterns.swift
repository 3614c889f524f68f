import Foundation
import Tabular

/// Patterns of RE2 for the texts that are a level, and for those that are a gap.
///
/// Where cells are read leniently, blanks at the ends and letter case make no difference, and a whole number may have `.0`
/// behind it. Only the dotted İ is not known by its small letter, which is two characters.
struct TextPatterns {
    private let reading: CellReading
    private let isYesNo: Bool

    init(_ reading: CellReading, isYesNo: Bool) {
        self.reading = reading
        self.isYesNo = isYesNo
    }

    /// The pattern of a level.
    func level(_ name: String) -> String {
        guard reading == .lenient else { return Self.forms(of: name) { Self.escaped($0) } }
        let key = LevelKey.of(name)
        let word = Self.forms(of: key) { Self.anyCase($0) }
        let zeros = LevelKey.mostCharacters - key.utf8.count - 1
        guard LevelKey.isWhole(key), zeros > 0 else { return Self.padded(word) }
        return Self.padded("\(word)(?:\\.0{1,\(zeros)})?")
    }

    /// The pattern of a gap.
    ///
    /// - Parameter levels: what is known; such a text is no gap.
    func gap(levels: [String]) -> String {
        guard reading == .lenient else {
            // No-break spaces are not left out there.
            return "[ \\t]*(?:|" + ["na", "nan", "null"].map(Self.anyCase).joined(separator: "|") + ")[ \\t]*"
        }
        let keys = Set(levels.map { LevelKey.of($0) })
        let words = GapWords.words(amongValues: isYesNo).subtracting(keys).sorted()
        return Self.padded("(?:" + words.map(Self.anyCase).joined(separator: "|") + ")")
    }

    private static func padded(_ word: String) -> String { "[ \\t\\x{A0}]*\(word)[ \\t\\x{A0}]*" }

    /// A text whose characters are written in one way or in several parts, as é may be.
    private static func forms(of text: String, _ pattern: (String) -> String) -> String {
        let forms = [
            text.precomposedStringWithCanonicalMapping, text.decomposedStringWithCanonicalMapping,
        ]
        // Swift takes both for the same text: their bytes tell.
        guard !forms[0].utf8.elementsEqual(forms[1].utf8) else { return pattern(text) }
        return "(?:\(pattern(forms[0]))|\(pattern(forms[1])))"
    }

    /// Letters in all cases: `[aA]`.
    private static func anyCase(_ text: String) -> String {
        text.unicodeScalars.map { scalar in
            guard let others = capitals[scalar] else { return escaped(scalar) }
            return "[" + ([scalar] + others).map(escaped).joined() + "]"
        }.joined()
    }

    /// For each letter those that become it in lower case. Letters have their places below U+20000.
    private static let capitals: [Unicode.Scalar: [Unicode.Scalar]] = {
        var capitals: [Unicode.Scalar: [Unicode.Scalar]] = [:]
        for value in UInt32(0)..<0x20000 {
            guard let scalar = Unicode.Scalar(value), scalar.properties.changesWhenLowercased else { continue }
            let lower = scalar.properties.lowercaseMapping.unicodeScalars
            if let first = lower.first, lower.count == 1 { capitals[first, default: []].append(scalar) }
        }
        return capitals
    }()

    private static func escaped(_ text: String) -> String { text.unicodeScalars.map(escaped).joined() }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9": String(scalar)
        default: "\\x{\(String(scalar.value, radix: 16, uppercase: true))}"
        }
    }
}
