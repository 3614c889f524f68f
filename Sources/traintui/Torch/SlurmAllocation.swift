import Foundation

/// The computers that SLURM gave to a job, as a batch script sees them: it runs on the first one.
struct SlurmAllocation {
    /// The first computer, by the name that all others know.
    let host: String
    /// Where the processes meet on it: another port for each job, as jobs may share a computer.
    let port: Int
    /// What each of the tasks is given, which srun asks for anew since SLURM 22.05; empty where the job says nothing of it.
    private let share: [String]

    /// - Throws: a line, where this is no batch script of SLURM's.
    init(_ environment: [String: String] = ProcessInfo.processInfo.environment) throws(Failure) {
        // A shell of salloc may be on a computer that is none of them.
        guard let host = environment["SLURMD_NODENAME"], !host.isEmpty, environment["SLURM_NODEID"] ?? "0" == "0" else {
            throw Failure(
                .usage,
                "--nodes is for the first computer of a SLURM job: traintui init --slurm writes a script for sbatch"
            )
        }
        self.host = host
        share = environment["SLURM_CPUS_PER_TASK"].map { ["--cpus-per-task", $0] } ?? []
        port = 20_000 + (Int(environment["SLURM_JOB_ID"] ?? "") ?? 0) % 40_000
    }

    /// A command that starts torch.distributed.run once on each computer.
    ///
    /// - Parameters:
    ///   - python: the one that has PyTorch, at the same path on all of them.
    ///   - processes: on each of them.
    ///   - module: what is run, with its arguments.
    func command(_ python: String, nodes: Int, processes: Int, _ module: [String]) -> [String] {
        // Only what srun starts knows which of the computers it is on. A warning, of which they know nothing, would end them.
        let line = """
            trap '' USR1 USR2; exec "$0" -m torch.distributed.run --nnodes \(nodes) --nproc-per-node \(processes) \
            --node-rank "$SLURM_NODEID" --master-addr "$1" --master-port \(port) "${@:2}"
            """
        let tasks = ["srun", "--nodes", "\(nodes)", "--ntasks-per-node", "1"] + share
        return tasks + ["bash", "-c", line, python, host] + module
    }
}
