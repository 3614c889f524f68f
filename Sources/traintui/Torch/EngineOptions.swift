import ArgumentParser

/// Who takes the steps of a training.
struct EngineOptions: ParsableArguments {
    /// What takes the steps.
    enum Engine: String, CaseIterable, ExpressibleByArgument {
        /// traintui's own.
        case core
        /// PyTorch, in a process of its own or in several.
        case torch
    }

    /// Where PyTorch works.
    enum Device: String, CaseIterable, ExpressibleByArgument {
        case cpu, cuda
    }

    @Option(help: ArgumentHelp("Who takes the steps: core, or torch, which is PyTorch.", valueName: "name"))
    var engine = Engine.core

    @Option(help: ArgumentHelp("torch: train in so many processes, by torch.distributed.run.", valueName: "n"))
    var processes = 1

    @Option(
        help: ArgumentHelp(
            "torch: in --processes on each of so many computers, which SLURM's srun reaches; see init --slurm.",
            valueName: "n"))
    var nodes = 1

    @Option(help: ArgumentHelp("torch: work on cpu or cuda.", valueName: "name"))
    var device = Device.cpu

    @Option(
        help: ArgumentHelp(
            "torch: the Python that has PyTorch; without, $TRAINTUI_PYTHON, else python3.", valueName: "file"),
        completion: .file())
    var python: String?

    /// How many computers there may be, and processes on each.
    static let counts = 1...1024

    func validate() throws {
        for (name, count) in [("--processes", processes), ("--nodes", nodes)] where !Self.counts.contains(count) {
            throw ValidationError("\(name) must be from 1 to \(Self.counts.upperBound)")
        }
        if engine == .core, processes > 1 || nodes > 1 || device == .cuda || python != nil {
            throw ValidationError("--processes, --nodes, --device and --python are for --engine torch")
        }
    }
}
