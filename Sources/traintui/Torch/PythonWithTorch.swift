import Wording

/// A Python that has PyTorch.
struct PythonWithTorch {
    /// Its path, or its name.
    let path: String

    /// - Parameter named: what the person says; nil for `$TRAINTUI_PYTHON`, else `python3`.
    /// - Throws: a line that says how to get it, where there is none.
    init(_ named: String?) throws(Failure) {
        path = named ?? Settings.environment("PYTHON") ?? "python3"
        // It is looked for and not imported, which would take seconds.
        let question = "import importlib.util, sys; sys.exit(importlib.util.find_spec('torch') is None)"
        guard try LaunchedProcess([path, "-c", question], environment: [:], log: "/dev/null").wait() == .code(0) else {
            let shown = visible(path, limit: 100)
            throw Failure(
                .noInput, "\(shown) has no PyTorch: \(shown) -m pip install torch, or name another Python by --python")
        }
    }

    /// The command that trains the job in a folder.
    ///
    /// - Parameter allocation: the computers, where there are several.
    func command(for folder: LaunchFolder, _ options: EngineOptions, on allocation: SlurmAllocation?) -> [String] {
        let (module, processes) = (["-m", "traintui._engine", folder.path], options.processes)
        if let allocation { return allocation.command(path, nodes: options.nodes, processes: processes, module) }
        if processes == 1 { return [path] + module }
        return [path, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "\(processes)"] + module
    }
}
