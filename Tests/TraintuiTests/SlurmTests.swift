import Foundation
import Testing

@testable import traintui

extension Program {
    /// Batch scripts for several computers. SLURM is a script here that takes this computer for all of them.
    @Suite("A script for SLURM", .serialized)
    struct Slurm {
        private let folder: Folder

        init() throws {
            folder = try Folder()
            try folder.write("train.toml", Self.job)
            try folder.write("rows.csv", Self.rows)
        }

        @Test("is written beside the job file, which it trains, and replaces nothing")
        func writes() throws {
            let written = try Invocation("init", "--slurm", "--nodes", "3", "--processes", "4", in: folder)
            #expect(written.code == 0, "\(written.errors)")
            #expect(written.output == "wrote train.sbatch; train with: sbatch train.sbatch\n")
            let script = try folder.text("train.sbatch")
            for line in [
                "#!/bin/bash", "#SBATCH --job-name=train", "#SBATCH --output=train-%j.log", "#SBATCH --nodes=3",
                "#SBATCH --ntasks-per-node=1", "#SBATCH --cpus-per-task=4", "#SBATCH --signal=B:TERM@60",
                "exec traintui train train.toml --headless --engine torch --nodes 3 --processes 4 "
                    + "--save train.safetensors",
            ] {
                #expect(script.split(separator: "\n").contains(Substring(line)), "\(line)")
            }
            #expect(try !script.contains("gpus") && folder.text("train.toml") == Self.job)
            let again = try Invocation("init", "--slurm", in: folder)
            #expect(
                again.code == 73 && again.errors == "traintui: train.sbatch is there already; --force replaces it\n")
            #expect(try folder.text("train.sbatch") == script)
            #expect(try Invocation("init", "--slurm", "--force", "--device", "cuda", in: folder).code == 0)
            let other = try folder.text("train.sbatch")
            #expect(
                other.contains("#SBATCH --gpus-per-node=1\n") && other.contains("--nodes 2 --processes 1 --device cuda")
            )
        }

        @Test("names a file with any letters so that a shell does too")
        func names() throws {
            try folder.write("it's a job.toml", Self.job)
            #expect(try Invocation("init", "it's a job.toml", "--slurm", in: folder).code == 0)
            try folder.write("traintui", "#!/bin/sh\nprintf '%s|' \"$@\"\n")
            let shell = try Invocation(
                shell: "chmod +x traintui && bash \"it's a job.sbatch\"", in: folder,
                environment: ["PATH": "\(folder.path):/usr/bin:/bin"])
            #expect(shell.output.hasPrefix("train|it's a job.toml|--headless|"), "\(shell.errors)\(shell.output)")
            #expect(shell.output.hasSuffix("|--save|it's a job.safetensors|"))
            #expect(try folder.text("it's a job.sbatch").contains("#SBATCH --job-name=it_s_a_job\n"))
        }

        @Test(
            "is refused in a line where it cannot be of use",
            arguments: [
                (["none.toml", "--slurm"], 66, "none.toml"),
                (["--slurm", "--data", "rows.csv", "--target", "y"], 64, "--slurm is for a job file that is there"),
                (["--nodes", "2"], 64, "--nodes, --processes and --device are for --slurm"),
                (["--slurm", "--nodes", "0"], 64, "--nodes must be from 1 to 1024"),
                (["refit.toml", "--slurm"], 78, "the job has 'refit'"),
            ])
        func refuses(arguments: [String], code: Int32, reason: String) throws {
            try folder.write("refit.toml", Self.job + "refit = true\n")
            let run = try Invocation(["init"] + arguments, in: folder)
            #expect(run.code == code && run.errors.contains(reason), "\(run.code) \(run.errors)")
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            #expect(names.allSatisfy { !$0.hasSuffix(".sbatch") })
        }

        @Test("is what --nodes is for")
        func outside() throws {
            let run = try Invocation("train.toml", "--headless", "--engine", "torch", "--nodes", "2", in: folder)
            #expect(run.code == 64 && run.errors.contains("traintui init --slurm writes a script"), "\(run.errors)")
            #expect(try Invocation("train.toml", "--nodes", "2", in: folder).code == 64)
        }

        @Test("trains to the bits of as many processes on one computer")
        func trains() throws {
            guard let python = try PythonClient.withFrameworks(skipping: "a script for SLURM") else { return }
            try folder.write("srun", Self.srun)
            #expect(try Invocation(shell: "chmod +x srun", in: folder, environment: [:]).code == 0)
            #expect(try Invocation("init", "--slurm", in: folder).code == 0)
            let path = "\(folder.path):\(Invocation.binary.deletingLastPathComponent().path()):/usr/bin:/bin"
            let script = try Invocation(
                shell: "bash train.sbatch", in: folder,
                environment: [
                    "PATH": path, "TRAINTUI_PYTHON": python, "SLURMD_NODENAME": "127.0.0.1", "SLURM_NODEID": "0",
                    "SLURM_JOB_ID": "\(getpid())", "SLURM_CPUS_PER_TASK": "1",
                ])
            #expect(script.code == 0, "\(script.errors)\(script.output)")
            #expect(try folder.text("srun.log") == "--nodes 2 --ntasks-per-node 1 --cpus-per-task 1 ")
            let alone = try Invocation(
                "train.toml", "--headless", "--engine", "torch", "--processes", "2", "--save", "alone.safetensors",
                in: folder, environment: ["TRAINTUI_PYTHON": python])
            #expect(alone.code == 0, "\(alone.errors)")
            #expect(
                try Data(contentsOf: folder.url.appending(path: "train.safetensors"))
                    == Data(contentsOf: folder.url.appending(path: "alone.safetensors")))
        }

        /// Starts the command once for each computer, and ends when all have.
        private static let srun = """
            #!/bin/bash
            nodes=$2
            while [ "$1" != bash ]; do printf '%s ' "$1"; shift; done > srun.log
            for node in $(seq 0 $((nodes - 1))); do
                SLURM_NODEID=$node "$@" &
                started+=($!)
            done
            trap 'kill "${started[@]}"' TERM
            for process in "${started[@]}"; do wait "$process" || code=$?; done
            exit "${code:-0}"

            """

        private static let job = """
            [data]
            path = "rows.csv"
            target = "y"

            [[model.layers]]
            units = 4
            activation = "elu"

            [[model.layers]]
            units = 1

            [training]
            epochs = 3
            batch_size = 13

            """

        private static let rows =
            "a,b,y\n" + (0..<60).map { "\($0),\($0 * 7 % 13),\($0 * 3 % 11)\n" }.joined()
    }
}
