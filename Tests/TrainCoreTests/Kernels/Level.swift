import CKernels

/// The levels of kernels that this CPU has. The tables are constant, so they may be shared.
enum Level: String, CaseIterable, Codable {
    case v4, v3, baseline

    static let available = allCases.filter { ck_kernels_named($0.rawValue) != nil }

    var table: ck_kernels {
        guard let table = ck_kernels_named(rawValue) else { preconditionFailure("this CPU has no \(rawValue)") }
        return table.pointee
    }
}
