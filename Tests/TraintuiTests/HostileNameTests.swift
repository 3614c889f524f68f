import CanvasTesting
import Foundation
import Testing

extension Program {
    /// Names that come from files and from the command line, on every way out: none of them says anything to a terminal.
    @Suite(.serialized)
    struct HostileNames {
        private let folder: Folder

        init() throws { folder = try Folder() }

        /// Commands that are given such a name where they expect the name of something.
        private static let commands = [
            ["inspect", "NAME", "--target", "y"], ["inspect", "t.csv", "--target", "NAME"],
            ["inspect", "t.csv", "--target", "y", "--role", "NAME=number"],
            ["init", "--data", "NAME", "--target", "y"],
            ["predict", "NAME", "t.csv"], ["evaluate", "NAME", "t.csv"], ["show", "NAME"],
            ["explain", "NAME", "t.csv"],
            ["export", "--onnx", "NAME"], ["export", "--keras", "NAME"], ["runs", "show", "NAME"],
            ["runs", "note", "NAME", "NAME"], ["resume", "NAME"], ["compare", "NAME", "NAME"], ["attach", "NAME"],
            ["replay", "NAME"], ["--headless", "--name", "NAME", "--folds", "3"],
        ]
        /// The ways out that are tried, each in two locales.
        private static let ways = 2 * (10 + commands.count)

        /// What the bytes hold that they should not.
        private func harm(_ run: Invocation, isPlain: Bool) -> String? {
            for scalar in (run.output + run.errors).unicodeScalars {
                switch scalar.value {
                case 0x0A: continue
                case 0..<0x20, 0x7F..<0xA0: return "control \(scalar.value)"
                case 0x61C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069, 0x2028, 0x2029: return "direction"
                case 0x80... where isPlain: return "more than ASCII: \(scalar.value)"
                default: continue
                }
            }
            return nil
        }

        private func check(_ arguments: [String], isPlain: Bool, _ name: String) throws {
            let run = try Invocation(arguments, in: folder, environment: isPlain ? ["LANG": "C"] : [:])
            #expect(harm(run, isPlain: isPlain) == nil, "\(arguments): \(run)")
            #expect(run.errors.hasPrefix("\u{FFFD}") == false && !run.errors.isEmpty, "\(arguments)")
        }

        @Test func noneOfTwoHundredSpeaks() throws {
            #expect(hostileNames.count == 200)
            let rows = (1...8).map { "\($0),\($0 * 3 % 5)\n" }.joined()
            // One way out after the other, so that each is tried with names of each kind and in both locales. With
            // TRAINTUI_EVERY_NAME=1 each name is tried on every one in both.
            let isWhole = ProcessInfo.processInfo.environment["TRAINTUI_EVERY_NAME"] == "1"
            let turns = hostileNames.indices.flatMap { number in
                isWhole ? (0..<Self.ways).map { (number, $0) } : [(number, number % Self.ways)]
            }
            for (number, turn) in turns {
                let name = hostileNames[number]
                let isPlain = turn % 2 == 1
                let json = try String(decoding: JSONEncoder().encode(name), as: UTF8.self)
                switch turn / 2 {
                case 0:
                    try folder.write("t.csv", "x,\"\(name)\"\n\(rows)oops,1\n")
                    try check(["--headless", "--data", "t.csv", "--target", "no"], isPlain: isPlain, name)
                case 1:
                    try folder.write("t.csv", "\"\(name)\",y\n\(rows)oops,1\n".replacing("oops", with: name))
                    try check(["--headless", "--data", "t.csv", "--target", "y"], isPlain: isPlain, name)
                case 2:
                    try folder.write("w", tensors(#"{\#(json):{"dtype":\#(json),"shape":[1],"data_offsets":[0,4]}}"#))
                    try check(["--headless", "--init", "w"], isPlain: isPlain, name)
                case 3:
                    try folder.write("w", tensors(#"{\#(json):{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#))
                    try check(["--headless", "--init", "w"], isPlain: isPlain, name)
                case 4:
                    try folder.write("j", #"{"event":\#(json),"step":1}"# + "\n")
                    try check(["replay", "j"], isPlain: isPlain, name)
                case 5: try check(["--headless", name], isPlain: isPlain, name)
                case 6: try check(["--pace", name], isPlain: isPlain, name)
                case 7: try check(["--no-such-\(name)", "--save=\(name)"], isPlain: isPlain, name)
                case 8: try check(["--headless", "--optimizer", name, "--theme", name], isPlain: isPlain, name)
                case 9..<9 + Self.commands.count:
                    try folder.write("t.csv", "x,y\n\(rows)")
                    try check(Self.commands[turn / 2 - 9].map { $0 == "NAME" ? name : $0 }, isPlain: isPlain, name)
                default:
                    try folder.write("job.toml", "[model]\nloss = \(json.replacing("\\/", with: "/"))\n")
                    try check(["--headless", "job.toml"], isPlain: isPlain, name)
                }
            }
        }

        /// Eight bytes with the length of a header, the header, and a number.
        private func tensors(_ header: String) -> Data {
            withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Data($0) } + Data(header.utf8)
                + Data(count: 4)
        }

        @Test(arguments: [0, 3, 40, 64, 104, 112, 192])
        func aRunOfDataWithSuchANameIsHarmlessOnEveryWayOut(number: Int) throws {
            let name = hostileNames[number] + ".csv"
            try folder.write(name, "x,y\n" + (1...20).map { "\($0),\($0 * 3 % 5)\n" }.joined())
            try folder.write("plain.toml", "")
            let job = ["plain.toml", "--data", name, "--target", "y", "--batch-size", "5", "--epochs", "1"]
            for (more, code) in [
                (["--headless", "--save", "w\(name)", "--journal", "j"], 0), (["--json", "--save", "w\(name)"], 0),
                (["--headless", "--save", name], 64), (["--headless", "--save", "no/\(name)"], 73),
                (["--headless", "--log-steps", "/dev/full", "--init", "w\(name)"], 73),
            ] as [([String], Int32)] {
                for locale in ["C", "C.UTF-8"] {
                    if more.contains("--journal"), folder.has("j") {
                        for left in ["j", "j.run"] {
                            try FileManager.default.removeItem(at: folder.url.appending(path: left))
                        }
                    }
                    let run = try Invocation(job + more, in: folder, environment: ["LANG": locale])
                    #expect(run.code == code, "\(more): \(run)")
                    #expect(harm(run, isPlain: locale == "C" || more[0] == "--json") == nil, "\(more): \(run)")
                }
            }
            let export = try Invocation("export", "--keras", "j", in: folder)
            #expect(export.code == 0 && harm(export, isPlain: false) == nil, "\(export)")
        }

        @Test func aJournalsNamesAreHarmlessInItsVerdict() throws {
            #expect(try Invocation("--headless", "--epochs", "1", "--journal", "j", in: folder).code == 0)
            let header = try #require(try folder.text("j").split(separator: "\n").first)
            for name in hostileNames.prefix(40) {
                let json = try String(decoding: JSONEncoder().encode(name), as: UTF8.self)
                try folder.write(
                    "k",
                    "\(header)\n"
                        + #"{"event":"edit","step":3,"number":1,"name":"optimizer","old":"nadam","new":\#(json)}"#
                        + "\n")
                let run = try Invocation("replay", "k", in: folder)
                #expect(run.code == 1 && harm(run, isPlain: false) == nil, "\(run)")
            }
        }
    }
}
