import Foundation
import Testing

/// The arrows between modules: what is imported is declared, and what is declared is used.
@Suite("Arrows between modules")
struct ArrowTests {
    private let tree = SourceTree.ofThisPackage
    private let manifest: Manifest

    init() throws { manifest = try Manifest.read(in: tree) }

    @Test("are the same in the sources and in the manifest")
    func sameInSourcesAndManifest() throws {
        // Without a manifest there would be nothing to compare.
        try #require(manifest.targets.count > 20)
        let own = Set(manifest.targets.map(\.name))
        let foreign = Set(manifest.targets.flatMap(\.dependencies).map(\.name)).subtracting(own)
        for target in manifest.targets {
            let files = try tree.files(in: target.folder, ending: "swift")
            // C's arrows are its includes; there are none between these targets.
            guard !files.isEmpty else { continue }
            let imported = Set(try files.flatMap(imports)).intersection(own.union(foreign)).subtracting([target.name])
            let declared = Set(target.dependencies.map(\.name))
            #expect(imported.subtracting(declared) == [], "\(target.name) imports what it does not declare")
            #expect(declared.subtracting(imported) == [], "\(target.name) declares what it does not import")
        }
    }

    @Test("that make something public lead only from what other packages can use")
    func publicIsWhatAnotherPackageCanUse() throws {
        var open = Set(manifest.products.filter { $0.name != "traintui" }.flatMap(\.targets))
        // What a public module shows of another module's is public there.
        for _ in manifest.targets {
            for target in manifest.targets where open.contains(target.name) {
                open.formUnion(
                    try tree.files(in: target.folder, ending: "swift").flatMap { try imports($0, as: "public ") })
            }
        }
        for target in manifest.targets where target.folder.hasPrefix("Sources") && !open.contains(target.name) {
            for file in try tree.files(in: target.folder, ending: "swift") {
                let declaration = /(?m)^\s*(@\w+ )*public\b.*$/
                let first = try tree.text(of: file).firstMatch(of: declaration)
                #expect(first == nil, "\(file): no other package can see this: \(first?.0 ?? "")")
            }
        }
    }

    /// The modules that a file imports.
    private func imports(_ file: String) throws -> [String] { try imports(file, as: "") }

    private func imports(_ file: String, as access: String) throws -> [String] {
        let line =
            /(?m)^(?<before>(@testable |public |package |internal )?)import (struct |enum |class |func )?(?<name>\w+)/
        return try tree.text(of: file).matches(of: line)
            .filter { access.isEmpty || $0.output.before == access }
            .map { String($0.output.name) }
    }
}
