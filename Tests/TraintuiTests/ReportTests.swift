import Foundation
import Testing

#if canImport(FoundationXML)
import FoundationXML
#endif

extension Program {
    /// Pictures and pages to take away.
    @Suite(.serialized)
    struct Reports {
        /// Counts elements and keeps texts of a page that has to be well-formed.
        private final class Reader: NSObject, XMLParserDelegate {
            var counts: [String: Int] = [:]
            var text = ""

            func parser(
                _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
                attributes: [String: String]
            ) {
                counts[name, default: 0] += 1
                if let kind = attributes["class"] { counts["\(name).\(kind)", default: 0] += 1 }
            }

            func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }
        }

        private static func read(_ bytes: Data) throws -> Reader {
            let reader = Reader()
            let parser = XMLParser(data: bytes)
            parser.delegate = reader
            try #require(parser.parse(), "\(String(describing: parser.parserError)) in line \(parser.lineNumber)")
            return reader
        }

        @Test
        func aReportTellsWhatTheRunDid() throws {
            let terminal = try Tmux("--pace 300 --name \"<b>&\"")
            try terminal.wait("steps are taken") { ($0.step ?? 0) > 100 }
            try terminal.keys("-")
            try terminal.wait("it is halved") { $0.contains("0.01 → 0.005") && ($0.step ?? 0) > 700 }
            try terminal.keys("+")
            try terminal.wait("it is doubled again") { $0.contains("0.005 → 0.01") && ($0.step ?? 0) > 900 }
            try terminal.keys("u")
            try terminal.wait(for: "undo 2")
            try terminal.keys("f")
            try terminal.wait(for: "● DONE")
            try terminal.type("q")
            try terminal.wait(for: "━ quit ━")
            try terminal.type("q")
            #expect(try terminal.code() == 0)

            let told = try Invocation("report", "<b>&", "-o", "run.html", in: terminal.folder)
            #expect(told.code == 0 && told.errors == "", "\(told.errors)")
            let page = try Self.read(try terminal.folder.read("run.html"))
            #expect(page.counts["svg"] == 2 && page.counts["path.curve"] == 2 && page.counts["path.edit"] == 2)
            #expect(page.counts["path.validation"] == 2 && page.counts["circle.best"] == 2)
            #expect(page.counts["script"] == nil && page.counts["link"] == nil && page.counts["img"] == nil)
            for text in ["<b>&", "learning_rate", "0.01 → 0.005", "in force", "taken back", "5 of 5", "[optimizer]"] {
                #expect(page.text.contains(text), "\(text)")
            }
        }

        @Test
        func aReportThatCannotBeWrittenOrOfNoRunIsOneLine() throws {
            let folder = try Folder()
            let none = try Invocation("report", "nothing", "-o", "run.html", in: folder)
            #expect(none.code == 66 && none.errors.hasPrefix("traintui: there is no run 'nothing'"))
            #expect(!folder.has("run.html"))
            #expect(try Invocation("--headless", "--epochs", "1", "--journal", "j", in: folder).code == 0)
            let lost = try Invocation("report", "j", "-o", "nowhere/run.html", in: folder)
            #expect(lost.code == 73 && lost.errors.split(separator: "\n").count == 1)
            #expect(try Invocation("report", "j", "-o", "run.html", in: folder).code == 0)
            _ = try Self.read(try folder.read("run.html"))
        }

        @Test(arguments: ["", " chart"])
        func aPictureShowsWhatTheScreenDid(part: String) throws {
            let terminal = try Tmux("--pace 100")
            try terminal.wait("steps are taken") { ($0.step ?? 0) > 30 }
            try terminal.keys("Space")
            let screen = try terminal.waitForStillness(with: "● PAUSED", "resume")
            for file in ["run.svg", "run.txt"] {
                try terminal.type(":picture \(file)\(part)")
                try terminal.keys("Enter")
                try terminal.wait(for: "wrote \(file)")
            }
            let picture = try Self.read(try terminal.folder.read("run.svg"))
            #expect(picture.counts["svg"] == 1 && (picture.counts["path"] ?? 0) > 5)
            let text = try terminal.folder.text("run.txt")
            if part.isEmpty {
                #expect(text.split(separator: "\n").dropLast() == screen.split(separator: "\n").dropLast())
            } else {
                #expect(text.contains("┏━ 1 loss") && !text.contains("hyperparameters"))
            }
            try terminal.type(":picture nowhere/run.svg")
            try terminal.keys("Enter")
            try terminal.wait(for: "nowhere")
            try terminal.type(":picture run.png")
            try terminal.keys("Enter")
            try terminal.wait(for: "type a file that ends in .svg or .txt")
        }
    }
}
