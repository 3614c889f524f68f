import ArgumentParser
import FileAccess
import Wording

/// What is outside of the program: the system, and the two places where something is said.
struct Outside: Sendable {
    let calls: SystemCalls
    let output: StandardOutput
    let errors: StandardError

    /// - Parameter closed: the descriptors among the first three that were closed when the program began.
    init(_ calls: SystemCalls = .posix, closed: Set<Int32> = [], spelling: Spelling = .ofEnvironment) {
        self.calls = calls
        output = StandardOutput(calls, spelling: spelling, wasClosed: closed.contains(1))
        errors = StandardError(calls, spelling: spelling)
    }

    /// How the program ends.
    enum End: Equatable {
        case code(Int32)
        /// As others end whose reader has gone: by the signal of a broken pipe.
        case brokenPipe
    }

    /// Does a command's work, says in a line what went wrong, and knows by which code the program ends: 0 only where all
    /// that was to be written is written.
    func carryOut(_ work: () throws -> Void) -> End {
        var code: Int32 = 0
        do {
            try work()
        } catch let failure as Failure {
            errors.say("traintui: \(failure.line)")
            code = failure.code.rawValue
        } catch let end as EndedBySignal {
            code = 128 + end.signal
        } catch {
            code = answer(error)
        }
        switch output.close() {
        case nil: return .code(code)
        case .brokenPipe?: return code == 0 ? .brokenPipe : .code(code)
        case let error?:
            errors.say("traintui: standard output: cannot be written: \(error)")
            return .code(code == 0 ? Failure.Code.cannotCreate.rawValue : code)
        }
    }

    /// What the reader of the command line has to say: help, a script of completions, or an error.
    private func answer(_ error: any Error) -> Int32 {
        let message = Traintui.fullMessage(for: error)
        let code = Traintui.exitCode(for: error).rawValue
        guard !message.isEmpty else { return code }
        if code == 0 {
            output.write(message + "\n")
        } else {
            errors.sayLines(Self.harmless(message))
        }
        return code
    }

    /// An error's lines are its own: what it quotes of the command line has none.
    private static func harmless(_ message: String) -> String {
        var message = message
        for argument in CommandLine.arguments.dropFirst() where argument.contains(where: \.isNewline) {
            let value = argument.firstIndex(of: "=").map { String(argument[argument.index(after: $0)...]) }
            for text in [argument, value ?? ""] where !text.isEmpty {
                message = message.replacing(text, with: visible(text))
            }
        }
        return message
    }
}

/// The person ended the program by a signal: it ends as if by that.
struct EndedBySignal: Error {
    let signal: Int32
}

/// A command of the program.
protocol ProgramCommand: ParsableCommand {
    /// Does what the command is for.
    mutating func run(in outside: Outside) throws
}

extension ProgramCommand {
    mutating func run() throws { try run(in: Outside()) }
}
