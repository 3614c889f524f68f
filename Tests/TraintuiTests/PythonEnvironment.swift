import Foundation

/// A Python with packages of PyPI, made once beside the built tests. Where it cannot be had, what needs it says so.
struct PythonEnvironment {
    private let python: URL

    /// - Parameters:
    ///   - name: the folder's.
    ///   - packages: what pip is to install.
    ///   - probe: a line of Python that fails where something is missing.
    /// - Returns: nil where it cannot be had.
    init?(_ name: String, packages: [String], probe: String) throws {
        let place = Bundle.main.executableURL!.deletingLastPathComponent().appending(path: name)
        python = place.appending(path: "bin/python")
        let folder = try Folder()
        let environment = ["PIP_DISABLE_PIP_VERSION_CHECK": "1"]
        func works() throws -> Bool {
            guard FileManager.default.isExecutableFile(atPath: python.path()) else { return false }
            return try Invocation(["-c", probe], in: folder, running: python).code == 0
        }
        if try works() { return }
        let pip = ["-m", "pip", "install", "--quiet", "--timeout", "10", "--retries", "1"]
        guard
            try Invocation(
                ["python3", "-m", "venv", place.path()], in: folder, running: URL(filePath: "/usr/bin/env")
            ).code == 0,
            try Invocation(pip + packages, in: folder, environment: environment, running: python).code == 0,
            try works()
        else { return nil }
    }

    /// The folder of the packages, for another Python of the same version.
    func packages(in folder: Folder) throws -> String {
        try Invocation(["-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], in: folder, running: python)
            .output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Runs a script that is kept beside the tests.
    func run(_ script: String, _ arguments: [String], in folder: Folder) throws -> Invocation {
        let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Reference/\(script)")
        return try Invocation([path.path()] + arguments, in: folder, running: python)
    }
}
