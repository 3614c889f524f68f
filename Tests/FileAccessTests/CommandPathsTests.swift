import Foundation
import Testing

@testable import FileAccess

@Suite struct CommandPathsTests {
    private let folder: TestFolder

    init() throws { folder = try TestFolder() }

    private func conflict(_ one: String, _ first: CommandPaths.Use, _ other: String, _ second: CommandPaths.Use)
        -> String?
    {
        var paths = CommandPaths(.posix)
        do throws(CommandPaths.PathError) {
            try paths.add(one, as: "--one", first)
            try paths.add(other, as: "--other", second)
            return nil
        } catch {
            guard case .same(let line) = error else { return "\(error)" }
            return line
        }
    }

    @Test func oneFileIsOneFileWhateverItIsCalled() throws {
        try folder.write("f", "x")
        try FileManager.default.createDirectory(atPath: folder.at("sub"), withIntermediateDirectories: true)
        Foundation.link(folder.at("f"), folder.at("hard"))
        symlink("f", folder.at("soft"))
        symlink(folder.at("soft"), folder.at("sub/softer"))
        symlink("sub", folder.at("folder"))
        let names = ["f", "./f", "sub/../f", "hard", "soft", "sub/softer", "folder/softer", "sub/./softer"]
        for one in names {
            for other in names {
                let (a, b) = (folder.at(one), folder.at(other))
                let line = "--one and --other are the same file: \(b)"
                #expect(conflict(a, .reads, b, .writes) == line)
                #expect(conflict(a, .writes, b, .reads) == line)
                #expect(conflict(a, .writes, b, .writes) == line)
                #expect(conflict(a, .reads, b, .reads) == nil)
            }
        }
    }

    @Test func oneThatIsNotThereYetIsKnownByItsFolderAndName() throws {
        try FileManager.default.createDirectory(atPath: folder.at("sub"), withIntermediateDirectories: true)
        symlink("sub", folder.at("folder"))
        symlink("sub/new", folder.at("dangling"))
        let names = ["sub/new", "./sub/new", "folder/new", "dangling", "sub/../sub/new"]
        for one in names {
            for other in names {
                #expect(conflict(folder.at(one), .writes, folder.at(other), .writes) != nil, "\(one) \(other)")
            }
        }
        #expect(conflict(folder.at("sub/new"), .writes, folder.at("sub/newer"), .writes) == nil)
        #expect(conflict(folder.at("sub/new"), .writes, folder.at("new"), .writes) == nil)
        #expect(conflict("/dev/null", .writes, "/dev/null", .writes) == nil)
    }
}
