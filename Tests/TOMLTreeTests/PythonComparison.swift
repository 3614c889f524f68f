import Foundation
import TOMLTree

/// What Python makes of texts: `tomllib`, which reads TOML 1.0, and beside it tomli 2.5, its successor for TOML 1.1.
struct PythonComparison {
    /// How a text was read here and there.
    struct Reading {
        let text: [UInt8]
        /// The value, see ``CanonicalText``, or the fault.
        let own: Result<String, TOMLError>
        /// The value, nil where it was refused.
        let tomllib: String?
        let tomli: String?
    }

    /// tomli's folder, nil if it cannot be had.
    static let tomli = PythonPackage(
        name: "tomli", version: "2.5.0", sha256: "32a7b79ac57a2e83670ce329ccf675798bc5a2094783a63676866b70503f2e2b",
        isWheel: true
    ).fetch()

    static func read(_ texts: [[UInt8]]) throws -> [Reading] {
        let input = texts.map { Data($0).base64EncodedString() }.joined(separator: "\n") + "\n"
        let result = try Python.run(["-c", script, tomli?.path ?? ""], input: Data(input.utf8))
        guard result.code == 0 else { throw Python.Failure(description: result.errors) }
        let lines = result.output.split(separator: "\n")
        guard lines.count == texts.count else { throw Python.Failure(description: "\(lines.count) answers") }
        return zip(texts, lines).map { text, line in
            let answers = line.split(separator: "\t").map { $0 == "!" ? nil : String($0) }
            return Reading(text: text, own: read(text), tomllib: answers[0], tomli: answers[1])
        }
    }

    private static func read(_ text: [UInt8]) -> Result<String, TOMLError> {
        do {
            return .success(try TOMLNode.document(utf8: text, file: "t.toml").value.canonicalText)
        } catch {
            return .failure(error)
        }
    }

    private static let script = """
        import base64, datetime, struct, sys
        import tomllib
        sys.path.insert(0, sys.argv[1])
        tomli = None
        if sys.argv[1]:
            import tomli

        def text(value):
            letters = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
            return "'" + "".join(chr(b) if b in letters else "%%%02x" % b for b in value.encode()) + "'"

        def time(value):
            shown = value.strftime("%H:%M:%S")
            return shown + ("." + ("%06d" % value.microsecond).rstrip("0") if value.microsecond else "")

        def canonical(value):
            if isinstance(value, bool): return "true" if value else "false"
            if isinstance(value, str): return text(value)
            if isinstance(value, int): return "i%d" % value
            if isinstance(value, float):
                return "dnan" if value != value else "d%x" % struct.unpack("<Q", struct.pack("<d", value))
            if isinstance(value, datetime.datetime):
                shown = value.date().isoformat() + "T" + time(value)
                if value.tzinfo is None: return "datetime-local " + shown
                minutes = int(value.utcoffset().total_seconds()) // 60
                sign = "-" if minutes < 0 else "+"
                return "datetime %s%s%02d:%02d" % (shown, sign, abs(minutes) // 60, abs(minutes) % 60)
            if isinstance(value, datetime.date): return "date-local " + value.isoformat()
            if isinstance(value, datetime.time): return "time-local " + time(value)
            if isinstance(value, list): return "[" + ",".join(map(canonical, value)) + "]"
            pairs = sorted((text(key), canonical(item)) for key, item in value.items())
            return "{" + ",".join("%s=%s" % pair for pair in pairs) + "}"

        def read(module, raw):
            if module is None: return "!"
            try:
                # A byte order mark is not part of the text.
                return canonical(module.loads(raw.decode("utf-8-sig")))
            except (ValueError, RecursionError, OverflowError):
                return "!"

        for line in sys.stdin.buffer:
            raw = base64.b64decode(line)
            print(read(tomllib, raw), read(tomli, raw), sep="\\t")
        """
}

extension PythonComparison.Reading {
    /// The reasons for which it may be read otherwise in Python.
    enum Difference: String, CaseIterable {
        /// tomli, which reads TOML 1.1, reads it as it is read here.
        case newInTOML11
        /// Python's numbers have no end; here, as TOML demands, one that does not fit is refused.
        case integerBeyond64Bits
        /// Python's calendar has no year 0 and no second 60, RFC 3339 has.
        case beyondPythonsCalendar
        /// Deeper than ``TOMLNode/greatestDepth``.
        case tooDeep
        /// Cannot be explained: a fault here or there.
        case unexplained
    }

    /// Why it is read otherwise than by `tomllib`, nil if it is not.
    var difference: Difference? {
        switch own {
        case .success(let value):
            if value == tomllib { return nil }
            if value == tomli, tomllib == nil { return .newInTOML11 }
            let isOnlyOwn = tomllib == nil && tomli == nil
            return isOnlyOwn && (value.contains(":60") || value.contains(" 0000-"))
                ? .beyondPythonsCalendar : .unexplained
        case .failure(let error):
            guard tomllib != nil || tomli != nil else { return nil }
            if error.description.contains("does not fit in 64 bits") { return .integerBeyond64Bits }
            return error.description.contains("too deep") ? .tooDeep : .unexplained
        }
    }
}
