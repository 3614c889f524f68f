import Foundation
import Testing

/// A training on another computer. In the place of ssh stands a command that does on this one what it is told to do there.
enum FarTraining {
    /// Starts a loop in Python, leaves it without a dashboard, and comes to it again as if from another computer. Each
    /// connection writes the number of its process to the file `connections`.
    static func attach(_ loop: String, in folder: Folder, environment: [String: String]) throws -> Tmux {
        let made = try Invocation(
            shell: """
                mkdir bin
                printf '#!/bin/sh\\necho $$ >> connections\\nfor last; do :; done\\neval "exec $last"\\n' > bin/ssh
                printf '#!/bin/sh\\nexec "%s" "$@"\\n' '\(Invocation.binary.path())' > bin/traintui
                chmod +x bin/*
                """, in: folder, environment: environment)
        #expect(made.code == 0)
        let near = try Tmux("run --paused --name far -- python3 \(loop)", in: folder, environment: environment)
        try near.waitForStillness(with: "● PAUSED")
        try near.kill(SIGKILL)
        let runs = try Invocation("attach", "--list", in: folder, environment: environment)
        let name = try #require(runs.output.split(separator: " ").first)
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        return try Tmux(
            "attach gpu1:\(name)", in: folder,
            environment: environment.merging(["PATH": "\(folder.path)/bin:\(path)"]) { $1 })
    }
}
