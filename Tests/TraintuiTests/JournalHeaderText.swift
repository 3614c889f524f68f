import JSONLines

/// A journal's header of nothing in particular.
enum JournalHeaderText {
    static let header = JournalHeader(
        program: "traintui 0.1.0", began: "2026-03-01T09:30:00Z", title: "small", seed: 42, kernels: "x86-64-v3",
        data: .builtin("storms"), dataSHA256: nil, job: "seed = 42\n")
}
