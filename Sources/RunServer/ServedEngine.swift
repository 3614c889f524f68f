package import RemoteEngine
package import TrainProtocol

/// A training of this process that dashboards elsewhere see and steer too.
///
/// ```
///  dashboard here <── drain ──┬── engine
///                             └──> RunServer ──> sockets
/// ```
/// Whoever drains it has the others told; so the training is never waited for, and does not know that it is served.
package final class ServedEngine: TrainingEngine {
    private let engine: any TrainingEngine
    private let server: RunServer

    /// Begins to listen.
    ///
    /// - Parameters:
    ///   - name: the run's, by which it can be attached to.
    ///   - version: this program's.
    package init(_ engine: any TrainingEngine, name: String, version: String) throws(SocketError) {
        self.engine = engine
        server = try RunServer(engine, name: name, version: version)
    }

    package var run: RunDescription { engine.run }

    package func send(_ command: Command, id: RequestID) {
        server.askedHere(command)
        engine.send(command, id: id)
    }

    package func drain() -> EngineUpdate { server.tell(engine.drain()) }

    /// The run is over: tells so, and listens no more.
    package func close() { server.close() }
}
