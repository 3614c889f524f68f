/// What a layer applies to each of its outputs: `a = f(z)`.
///
/// All three matrices have the same shape and stride, so an elementwise function may run over `paddedCount` floats. No row
/// depends on another: many of them come in pieces, on several threads at once.
public protocol Activation: CatalogueEntry {
    /// Whether f(0) is 0. Where it is not, the trainer clears the gaps between rows.
    static var keepsZero: Bool { get }

    /// Fills `a` with f(z).
    func forward(_ z: Matrix, _ a: Matrix)

    /// Turns `gradient` from dL/da into dL/dz, in place.
    func backward(_ z: Matrix, _ a: Matrix, _ gradient: Matrix)
}
