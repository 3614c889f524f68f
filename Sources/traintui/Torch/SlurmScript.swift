import Foundation
import Wording

/// A batch script by which SLURM trains a job file on several computers.
///
/// It runs on the first of them, and `traintui train --nodes` there starts the processes of all by `srun`.
struct SlurmScript {
    /// The job file's path, as the script is to name it.
    let job: String
    let nodes: Int
    /// On each of the nodes.
    let processes: Int
    let device: EngineOptions.Device

    /// Where the script goes: `train.sbatch` for `train.toml`.
    var path: String { stem + ".sbatch" }

    private var stem: String { job.hasSuffix(".toml") && job.count > 5 ? String(job.dropLast(5)) : job }

    var text: String {
        let name = FileName.tame((stem as NSString).lastPathComponent)
        var directives = [
            "--job-name=\(name)", "--output=\(name)-%j.log", "--nodes=\(nodes)", "--ntasks-per-node=1",
            "--cpus-per-task=\(processes)",
        ]
        if device == .cuda { directives.append("--gpus-per-node=\(processes)") }
        directives.append("--time=01:00:00")
        var words = ["exec", "traintui", "train", Self.quoted(job), "--headless", "--engine", "torch"]
        words += ["--nodes", "\(nodes)", "--processes", "\(processes)"]
        if device == .cuda { words += ["--device", "cuda"] }
        words += ["--save", Self.quoted(stem + ".safetensors")]
        return """
            #!/bin/bash
            # Trains \(visible(job)) by PyTorch: sbatch \(visible(path))
            \(directives.map { "#SBATCH \($0)" }.joined(separator: "\n"))
            # A minute before the time is over the training ends, and its weights are written.
            #SBATCH --signal=B:TERM@60

            # All computers need traintui's folder of runs at one path: ~/.local/state/traintui, in a home that they share, or
            # $XDG_STATE_HOME/traintui. `traintui attach` on the first of them (squeue -o %B) shows the training and steers it.

            # The Python that has PyTorch, on all of them:
            # export TRAINTUI_PYTHON=python3

            \(words.joined(separator: " "))

            """
    }

    /// One word of a shell's command line, whatever is in it.
    private static func quoted(_ word: String) -> String {
        let plain = /[A-Za-z0-9_.\/][A-Za-z0-9_.\/-]*/
        return word.wholeMatch(of: plain) != nil ? word : "'\(word.replacing("'", with: "'\\''"))'"
    }
}
