import NcursesTerminal
import TrainEngine

extension PreparedRun {
    /// Waits until a run that was told to stop has, and writes the rest of its files.
    ///
    /// - Returns: the weights that count in the end, and what became of the files.
    func waitForEnd(of engine: LocalEngine, _ outputs: RunOutputs) -> (kept: KeptWeights, files: RunOutputs.Ending) {
        // The step in flight may take its time where its outcome is to be kept.
        if weights.isNamed { TerminalGuard.allowSaving() }
        defer { TerminalGuard.endSaving() }
        return (engine.weightsAfterStop(), outputs.close())
    }

    /// Writes the weights of a run that has stopped.
    ///
    /// - Returns: the path they are at; nil where they could not be written, for ``WeightsOutput/failure``.
    func saveWeights(_ kept: KeptWeights) -> String? {
        TerminalGuard.allowSaving()
        defer { TerminalGuard.endSaving() }
        do throws(Failure) { return try weights.write(kept) } catch { return nil }
    }
}
