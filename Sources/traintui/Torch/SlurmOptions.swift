import ArgumentParser

/// What `traintui init --slurm` is told of the computers.
struct SlurmOptions: ParsableArguments {
    @Flag(
        help: ArgumentHelp(
            "Write a SLURM batch script that trains the job file, which must be there, by PyTorch: train.sbatch beside "
                + "train.toml."))
    var slurm = false

    @Option(help: ArgumentHelp("On so many computers; 2 unless you say otherwise.", valueName: "n"))
    var nodes: Int?

    @Option(help: ArgumentHelp("In so many processes on each; 1 unless you say otherwise.", valueName: "n"))
    var processes: Int?

    @Option(help: ArgumentHelp("On cpu, or on cuda with a GPU for each process.", valueName: "name"))
    var device: EngineOptions.Device?

    func validate() throws {
        if !slurm, nodes != nil || processes != nil || device != nil {
            throw ValidationError("--nodes, --processes and --device are for --slurm")
        }
        for (name, count) in [("--nodes", nodes), ("--processes", processes)] {
            if let count, !EngineOptions.counts.contains(count) {
                throw ValidationError("\(name) must be from 1 to \(EngineOptions.counts.upperBound)")
            }
        }
    }
}
